package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/courses"
	"pitchside/people"
)

// A certificateJSON is a certificate as its holder, and those who lead them, see it.
type certificateJSON struct {
	ID         int64   `json:"id"`
	Code       string  `json:"code"`
	URL        string  `json:"url" doc:"Where anybody can look it up."`
	PersonID   int64   `json:"person_id"`
	Kind       string  `json:"kind" enum:"course,program"`
	Slug       string  `json:"slug"`
	Title      string  `json:"title"`
	Version    int     `json:"version" doc:"Of the course or program when it was granted or last renewed."`
	Granted    string  `json:"granted" format:"date"`
	Renewals   int     `json:"renewals"`
	ValidUntil *string `json:"valid_until" format:"date" doc:"Null: it never ends."`
	GraceUntil *string `json:"grace_until" format:"date"`
	RenewFrom  *string `json:"renew_from" format:"date"`
	State      string  `json:"state" enum:"valid,due_soon,in_grace,lapsed,revoked"`
	Ended      *string `json:"ended" format:"date"`
	Reason     string  `json:"reason,omitempty" doc:"Why it was revoked."`
}

func date(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := t.Format(time.DateOnly)
	return &text
}

func (a *API) asCertificate(c courses.Certificate) certificateJSON {
	return certificateJSON{ID: c.ID, Code: c.Code, URL: a.URL + "/verify/" + c.Code, PersonID: c.PersonID, Kind: c.Kind, Slug: c.Slug, Title: c.Title, Version: c.Version,
		Granted: *date(&c.GrantedOn), Renewals: c.Renewals, ValidUntil: date(c.ValidUntil), GraceUntil: date(c.GraceUntil), RenewFrom: date(c.RenewFrom()),
		State: string(c.State(c.Today(a.Now()))), Ended: date(c.EndedOn), Reason: c.Reason}
}

// A verifiedJSON is all that the public is told.
type verifiedJSON struct {
	Name       string  `json:"name"`
	Title      string  `json:"title"`
	Granted    string  `json:"granted" format:"date"`
	ValidUntil *string `json:"valid_until" format:"date"`
	State      string  `json:"state" enum:"valid,in_grace,lapsed,revoked"`
}

func (a *API) registerCertificates() {
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/certificates", ID: "list-certificates", Summary: "The certificates of a person, the newest first", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*Body[Page[certificateJSON]], error) {
			all, err := a.Courses.PersonCertificates(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			items := []certificateJSON{}
			for _, c := range all {
				items = append(items, a.asCertificate(c))
			}
			return &Body[Page[certificateJSON]]{page(items, "")}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/certificates/{code}", ID: "verify-certificate", Summary: "How a certificate stands, for anybody who has its code", Public: true, Tag: "Learning"},
		func(ctx context.Context, _ people.Actor, in *struct {
			Code string `path:"code"`
		}) (*Body[verifiedJSON], error) {
			address, _ := ctx.Value(addressKey{}).(string)
			v, err := a.Courses.Verify(ctx, address, in.Code)
			if err != nil {
				return nil, err
			}
			return &Body[verifiedJSON]{verifiedJSON{v.Name, v.Title, *date(&v.Granted), date(v.ValidUntil), string(v.State)}}, nil
		})
	type revoke struct {
		Reason string `json:"reason" doc:"The person reads it."`
	}
	changed := func(ctx context.Context, by people.Actor, id int64) (*Body[certificateJSON], error) {
		c, _, err := a.Courses.Certificate(ctx, by, id)
		if err != nil {
			return nil, err
		}
		return &Body[certificateJSON]{a.asCertificate(c)}, nil
	}
	register(a, op{Method: http.MethodPost, Path: "/certificates/{id}/revoke", ID: "revoke-certificate", Summary: "Revoke a certificate, with a reason", Scope: "courses:write", For: []people.Capability{people.Coach, people.Manager, people.Admin}, Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body revoke
		}) (*Body[certificateJSON], error) {
			if err := a.Courses.Revoke(ctx, by, in.ID, in.Body.Reason); err != nil {
				return nil, err
			}
			return changed(ctx, by, in.ID)
		})
	type renew struct {
		Note string `json:"note,omitempty" doc:"What was seen; needed for a program."`
	}
	register(a, op{Method: http.MethodPost, Path: "/certificates/{id}/renew", ID: "renew-certificate", Summary: "Renew a certificate of a program, or of a course without a quiz", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body renew
		}) (*Body[certificateJSON], error) {
			if err := a.Courses.Renew(ctx, by, in.ID, in.Body.Note); err != nil {
				return nil, err
			}
			return changed(ctx, by, in.ID)
		})
}
