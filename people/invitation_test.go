package people_test

import (
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"
)

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, p := w.person("Ada", people.Admin), w.person("Ana Sousa")
	_, err := w.Invite(w.ctx, actor(p), p.ID)
	wantKind(t, err, fault.Forbidden, "")
	_, err = w.Invite(w.ctx, actor(admin), 987654)
	wantKind(t, err, fault.NotFound, "")

	first, err := w.Invite(w.ctx, actor(admin), p.ID)
	must(t, err)
	second, err := w.Invite(w.ctx, actor(admin), p.ID)
	must(t, err)
	_, err = w.Invitation(w.ctx, first)
	wantKind(t, err, fault.NotFound, "") // the newer one replaced it
	inv, err := w.Invitation(w.ctx, second)
	must(t, err)
	if inv.Name != "Ana Sousa" || inv.Email != p.Email || inv.InvitedBy != "Ada" || inv.Again || !inv.ExpiresAt.Equal(w.clock.Add(7*24*time.Hour)) {
		t.Errorf("invitation is %+v", inv)
	}
	_, err = w.Accept(w.ctx, second, people.Joining{Password: "short"})
	wantKind(t, err, fault.Invalid, "password")
	_, err = w.Accept(w.ctx, second, people.Joining{Password: password, Name: "   "})
	wantKind(t, err, fault.Invalid, "name")
	session, err := w.Accept(w.ctx, second, people.Joining{Password: password, Name: "Ana S.", TimeZone: "Europe/Lisbon"})
	must(t, err)
	by, _, err := w.Session(w.ctx, session)
	must(t, err)
	if by.Name != "Ana S." || by.TimeZone != "Europe/Lisbon" {
		t.Errorf("joined as %+v", by)
	}
	_, err = w.Accept(w.ctx, second, people.Joining{Password: "another long one"})
	wantKind(t, err, fault.NotFound, "")

	// Somebody who forgot their password gets a new link; their sessions end.
	again, err := w.Invite(w.ctx, actor(admin), p.ID)
	must(t, err)
	inv, err = w.Invitation(w.ctx, again)
	must(t, err)
	if !inv.Again {
		t.Error("the invitation does not know that there is a password already")
	}
	_, err = w.Accept(w.ctx, again, people.Joining{Password: "another long one", TimeZone: "Mars/Base"})
	must(t, err)
	_, _, err = w.Session(w.ctx, session)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.SignIn(w.ctx, p.Email, "another long one", "", "")
	must(t, err)
}

func TestInvitationRunsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link, err := w.Invite(w.ctx, people.Operator, w.person("Ana").ID)
	must(t, err)
	w.clock = w.clock.Add(7*24*time.Hour + time.Second)
	_, err = w.Accept(w.ctx, link, people.Joining{Password: password})
	wantKind(t, err, fault.NotFound, "")
}

func TestInvitationNeedsAnEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Imported Ida"})
	must(t, err)
	_, err = w.Invite(w.ctx, people.Operator, id)
	wantKind(t, err, fault.Conflict, "")
	_, err = w.PatchPerson(w.ctx, people.Operator, id, 0, people.PersonPatch{Email: ptr(email("ida"))})
	must(t, err)
	_, err = w.Invite(w.ctx, people.Operator, id)
	must(t, err)
	_, err = w.PatchPerson(w.ctx, people.Operator, id, 0, people.PersonPatch{Email: ptr("")})
	wantKind(t, err, fault.Invalid, "email")
}
