package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"
)

type noticeJSON struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind"`
	Text      string     `json:"text"`
	Link      string     `json:"link" doc:"A path of the site, or empty."`
	CreatedAt time.Time  `json:"created_at"`
	ReadAt    *time.Time `json:"read_at"`
}

type topicJSON struct {
	Topic string `json:"topic"`
	Words string `json:"words"`
	On    bool   `json:"on"`
}

type topicsJSON struct {
	Topics []topicJSON `json:"topics"`
}

func (a *API) registerNotices() {
	register(a, op{Method: http.MethodGet, Path: "/me/notices", ID: "list-notices", Summary: "What Pitchside told you, newest first", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			Paging
			Unread bool `query:"unread" doc:"Only those not read yet."`
		}) (*Body[Page[noticeJSON]], error) {
			before, err := cursorID(in.Cursor)
			if err != nil {
				return nil, err
			}
			list, err := a.People.Notices(ctx, by, in.Unread, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			list, next := upTo(list, in.Limit, func(n people.Notice) int64 { return n.ID })
			var items []noticeJSON
			for _, n := range list {
				items = append(items, noticeJSON(n))
			}
			return &Body[Page[noticeJSON]]{page(items, next)}, nil
		})
	type read struct {
		Read bool `json:"read"`
	}
	register(a, op{Method: http.MethodPatch, Path: "/me/notices/{id}", ID: "mark-notice", Summary: "Mark a notice of yours as read, or not", Scope: "people:write", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body read
		}) (*Body[noticeJSON], error) {
			n, err := a.People.MarkNotice(ctx, by, in.ID, in.Body.Read)
			return &Body[noticeJSON]{noticeJSON(n)}, err
		})
	register(a, op{Method: http.MethodGet, Path: "/me/notice-topics", ID: "get-notice-topics", Summary: "Which notices you want", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[topicsJSON], error) {
			return a.noticeTopics(ctx, by)
		})
	type wanted struct {
		Topics map[string]bool `json:"topics" doc:"Topic: on. Those left out stay as they are."`
	}
	register(a, op{Method: http.MethodPut, Path: "/me/notice-topics", ID: "put-notice-topics", Summary: "Switch notices on or off", Scope: "people:write", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct{ Body wanted }) (*Body[topicsJSON], error) {
			muted, err := a.People.Muted(ctx, by)
			if err != nil {
				return nil, err
			}
			for topic, on := range in.Body.Topics {
				if !slices.ContainsFunc(people.NoticeTopics, func(t people.NoticeTopic) bool { return t.Slug == topic }) {
					return nil, fault.Field("topics."+topic, fmt.Sprintf("There is no topic %q. GET lists them.", topic))
				}
				muted = slices.DeleteFunc(muted, func(m string) bool { return m == topic })
				if !on {
					muted = append(muted, topic)
				}
			}
			if err := a.People.Mute(ctx, by, muted); err != nil {
				return nil, err
			}
			return a.noticeTopics(ctx, by)
		})
}

func (a *API) noticeTopics(ctx context.Context, by people.Actor) (*Body[topicsJSON], error) {
	muted, err := a.People.Muted(ctx, by)
	if err != nil {
		return nil, err
	}
	var out topicsJSON
	for _, t := range people.NoticeTopics {
		out.Topics = append(out.Topics, topicJSON{t.Slug, t.Words, !slices.Contains(muted, t.Slug)})
	}
	return &Body[topicsJSON]{out}, nil
}
