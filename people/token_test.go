package people_test

import (
	"strings"
	"testing"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.person("Ana", people.Admin), w.person("Bea")
	_, err := w.CreateToken(w.ctx, actor(p), p.ID, "", nil)
	wantKind(t, err, fault.Invalid, "scopes")
	_, err = w.CreateToken(w.ctx, actor(p), p.ID, "", []string{"people:delete"})
	wantKind(t, err, fault.Invalid, "scopes")
	_, err = w.CreateToken(w.ctx, actor(p), p.ID, strings.Repeat("x", 101), []string{"all"})
	wantKind(t, err, fault.Invalid, "label")
	_, err = w.CreateToken(w.ctx, actor(p), other.ID, "", []string{"all"})
	wantKind(t, err, fault.NotFound, "") // not even an admin makes a token of somebody else
	_, err = w.CreateToken(w.ctx, people.Actor{}, other.ID, "", []string{"all"})
	wantKind(t, err, fault.NotFound, "")
	_, err = w.CreateToken(w.ctx, people.Operator, 987654, "", []string{"all"})
	wantKind(t, err, fault.NotFound, "")

	token, err := w.CreateToken(w.ctx, people.Operator, p.ID, " nightly ", []string{"skills:write", "people:read", "people:read"})
	must(t, err)
	by, err := w.ByToken(w.ctx, token)
	must(t, err)
	want := people.Actor{ID: p.ID, Name: "Ana", Email: p.Email, RoleFamily: "AE", TimeZone: "UTC", Capabilities: []people.Capability{people.Admin},
		Token: true, Scopes: []string{"people:read", "skills:write"}}
	if diff := cmp.Diff(want, by); diff != "" || !by.BringsData() {
		t.Error(diff)
	}
	mine, err := w.Tokens(w.ctx, actor(p))
	must(t, err)
	if len(mine) != 1 || mine[0].Label != "nightly" || mine[0].LastUsedAt == nil || !mine[0].LastUsedAt.Equal(w.clock) {
		t.Fatalf("tokens are %+v", mine)
	}
	wantKind(t, w.RevokeToken(w.ctx, actor(other), mine[0].ID), fault.NotFound, "")
	must(t, w.RevokeToken(w.ctx, actor(p), mine[0].ID))
	_, err = w.ByToken(w.ctx, token)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.ByToken(w.ctx, "pitchside_unknown")
	wantKind(t, err, fault.Unauthenticated, "")
}
