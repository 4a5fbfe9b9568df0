package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

// A takeJSON is one recording of an attempt.
type takeJSON struct {
	Take        int        `json:"take" doc:"its number, from 1"`
	Offset      int64      `json:"offset" doc:"bytes that are stored: where to go on from"`
	Finished    bool       `json:"finished"`
	ContentType string     `json:"content_type" doc:"audio/webm, video/webm, audio/mp4 or video/mp4; empty before the first bytes"`
	DurationMS  *int       `json:"duration_ms"`
	Chosen      bool       `json:"chosen" doc:"the one that is submitted"`
	CreatedAt   time.Time  `json:"created_at"`
	KeepDays    int        `json:"keep_days" doc:"days after which it is deleted, as promised when it was made"`
	GoneAt      *time.Time `json:"gone_at"`
	Gone        *string    `json:"gone" enum:"expired,removed,unchosen,erased" doc:"why it is gone"`
}

func viewTake(t assessments.Take) takeJSON {
	return takeJSON{t.Number, t.Size, t.FinishedAt != nil, t.ContentType, t.DurationMS, t.Chosen, t.CreatedAt, t.KeepDays, t.GoneAt, t.Gone}
}

// A mediaPart is some bytes of a take, read as they arrive.
type mediaPart struct {
	ID         int64  `path:"id"`
	Take       int    `query:"take" default:"1" minimum:"1"`
	Offset     int64  `query:"offset" default:"-1" doc:"of the first byte sent; absent: the body is the whole take"`
	Sender     string `query:"sender" maxLength:"64" doc:"names the device, so that two never mix their bytes in one take"`
	Final      bool   `query:"final" doc:"the take ends with these bytes"`
	DurationMS int    `query:"duration_ms" default:"-1" doc:"of the whole take, with the final part"`
	Range      string `header:"Content-Range" doc:"instead of offset and final: bytes 0-1023/4096; bytes */4096 asks what is stored"`
	Type       string `header:"Content-Type"`

	ctx huma.Context
}

// Resolve takes the body before anything reads it.
func (m *mediaPart) Resolve(ctx huma.Context) []error {
	m.ctx = ctx
	return nil
}

// part says where the bytes belong, by the query or by Content-Range.
func (m *mediaPart) part() (p assessments.MediaPart, ask bool, err error) {
	p = assessments.MediaPart{Take: m.Take, Offset: m.Offset, Final: m.Final, Type: m.Type, Uploaded: true, Sender: m.Sender}
	if m.DurationMS >= 0 {
		p.DurationMS = &m.DurationMS
	}
	var first, last, total int64
	switch {
	case m.Range == "" && m.Offset < 0:
		p.Offset, p.Final = 0, true
	case m.Range == "":
	case len(m.Range) > 8 && m.Range[:8] == "bytes */":
		return p, true, nil
	default:
		if n, err := fmt.Sscanf(m.Range, "bytes %d-%d/%d", &first, &last, &total); err != nil || n != 3 || first < 0 || last < first || last >= total {
			return p, false, fault.Field("Content-Range", "Write it as: bytes 0-1023/4096.")
		}
		p.Offset, p.Final = first, last+1 == total
	}
	return p, false, nil
}

func (a *API) registerMedia() {
	const tag = "Role-plays"
	put := op{Method: http.MethodPut, Path: "/attempts/{id}/media", ID: "put-media", Summary: "Send a recording, whole or part by part", Scope: "assessments:write", Tag: tag}
	register(a, put, func(ctx context.Context, by people.Actor, in *mediaPart) (*Body[takeJSON], error) {
		part, ask, err := in.part()
		if err != nil {
			return nil, err
		}
		body := in.ctx.BodyReader()
		if ask {
			return a.takeState(ctx, by, in, part.Take)
		}
		t, err := a.Assessments.WriteMedia(ctx, by, in.ID, part, body)
		if t.ID != 0 {
			in.ctx.SetHeader("Upload-Offset", strconv.FormatInt(t.Size, 10))
		}
		if fault.KindOf(err) != fault.Defect {
			_, _ = io.CopyN(io.Discard, body, drainLimit) // a sender that is still sending would not see why
		}
		if err != nil {
			return nil, err
		}
		return &Body[takeJSON]{viewTake(t)}, nil
	})
	a.huma.OpenAPI().Paths["/attempts/{id}/media"].Put.RequestBody = &huma.RequestBody{Required: true, Description: "WebM or MP4, sound or picture, at most 2 GB. " +
		"Upload-Offset in the answer says how much is stored for good; a part sent again is harmless, a gap is 409.", Content: map[string]*huma.MediaType{
		"video/webm": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}, "video/mp4": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}

	register(a, op{Method: "GET", Path: "/attempts/{id}/media", ID: "get-media", Summary: "A recording as one file, with byte ranges", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Take int   `query:"take" doc:"absent: the submitted one"`
		}) (*huma.StreamResponse, error) {
			m, err := a.Assessments.Media(ctx, by, in.ID, in.Take)
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(c huma.Context) {
				defer m.Close()
				g := humagin.Unwrap(c)
				h := g.Writer.Header()
				h.Set("Content-Type", m.ContentType)
				h.Set("ETag", m.Tag)
				h.Set("Cache-Control", "private, no-cache")
				http.ServeContent(g.Writer, g.Request, "", *m.FinishedAt, m)
			}}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/takes", ID: "list-takes", Summary: "The recordings of an attempt and how much of each is stored", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[Page[takeJSON]], error) {
			if _, err := a.Assessments.Attempt(ctx, by, in.ID); err != nil {
				return nil, err
			}
			all, err := a.Assessments.Takes(ctx, by, in.ID)
			items := make([]takeJSON, len(all))
			for i, t := range all {
				items[i] = viewTake(t)
			}
			return &Body[Page[takeJSON]]{page(items, "")}, err
		})

	type takePath struct {
		ID   int64 `path:"id"`
		Take int   `path:"take"`
	}
	register(a, op{Method: "DELETE", Path: "/attempts/{id}/takes/{take}", ID: "delete-take", Summary: "Remove a take before submission", Scope: "assessments:write", Tag: tag, Status: 204},
		func(ctx context.Context, by people.Actor, in *takePath) (*struct{}, error) {
			return nil, a.Assessments.RemoveTake(ctx, by, in.ID, in.Take)
		})
	register(a, op{Method: "PUT", Path: "/attempts/{id}/takes/{take}/chosen", ID: "choose-take", Summary: "Say which take is submitted", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *takePath) (*Body[AttemptState], error) {
			if err := a.Assessments.ChooseTake(ctx, by, in.ID, in.Take); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})
	register(a, op{Method: "POST", Path: "/attempts/{id}/erasure", ID: "ask-erasure", Summary: "Ask for a submitted recording to be erased", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Reason string `json:"reason" required:"false"`
			}
		}) (*Body[AttemptState], error) {
			if err := a.Assessments.AskErasure(ctx, by, in.ID, in.Body.Reason); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})
	type viewJSON struct {
		Viewer string    `json:"viewer"`
		Played bool      `json:"played" doc:"the recording was played; else the page was opened"`
		Reason string    `json:"reason" doc:"of an admin who broke the glass"`
		At     time.Time `json:"at"`
	}
	register(a, op{Method: "GET", Path: "/attempts/{id}/views", ID: "list-views", Summary: "Who opened an attempt and who played its recording: for its rep and for admins", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[Page[viewJSON]], error) {
			if _, err := a.Assessments.Attempt(ctx, by, in.ID); err != nil {
				return nil, err
			}
			all, err := a.Assessments.Views(ctx, by, in.ID)
			items := make([]viewJSON, len(all))
			for i, v := range all {
				items[i] = viewJSON{v.Viewer, v.Played, v.Reason, v.At}
			}
			return &Body[Page[viewJSON]]{page(items, "")}, err
		})
}

// takeState answers how much of a take is stored; nothing, if it is not begun.
func (a *API) takeState(ctx context.Context, by people.Actor, in *mediaPart, number int) (*Body[takeJSON], error) {
	if _, err := a.Assessments.Attempt(ctx, by, in.ID); err != nil {
		return nil, err
	}
	all, err := a.Assessments.Takes(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	state := assessments.Take{Number: number}
	for _, t := range all {
		if t.Number == number {
			state = t
		}
	}
	in.ctx.SetHeader("Upload-Offset", strconv.FormatInt(state.Size, 10))
	return &Body[takeJSON]{viewTake(state)}, nil
}
