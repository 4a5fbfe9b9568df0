package courses_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// granting lets the course of the fixture grant a certificate.
func (h *house) granting(key string) {
	h.t.Helper()
	h.publish(fstest.MapFS{"courses/asking/course.md": {Data: []byte("---\ntitle: Asking\nsummary: How to ask.\nminutes: 9\nskills: [question]\nattribution: Our own words.\n" + key + "---\n\nAbout asking.\n")}})
}

func (h *house) passQuiz(person people.Actor) {
	h.t.Helper()
	h.must(pg.InTx(h.ctx, h.db, func(tx pgx.Tx) error { return h.QuizPassed(h.ctx, tx, person.ID, "asking") }))
}

// completeAsking takes Dana through the whole course.
func (h *house) completeAsking() {
	h.t.Helper()
	h.finishFirst()
	_, err := h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "second")
	h.must(err)
	h.passQuiz(h.dana)
}

func (h *house) certificates() []courses.Certificate {
	h.t.Helper()
	all, err := h.PersonCertificates(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	return all
}

func (h *house) on(y int, m time.Month, d int) { *h.clock = time.Date(y, m, d, 10, 0, 0, 0, time.UTC) }

func TestACourseGrantsNoCertificateUnlessItSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.completeAsking()
	if all := h.certificates(); len(all) != 0 {
		t.Fatalf("granted %+v without a key", all)
	}
	h.granting("certificate: {months: 12}\n")
	h.on(2026, 10, 20)
	for range 2 {
		_, err := h.Certify(h.ctx)
		h.must(err)
	}
	all := h.certificates()
	if len(all) != 1 || !all[0].GrantedOn.Equal(*day(10, 14)) || all[0].ValidUntil.Format(time.DateOnly) != "2027-10-14" || all[0].GraceUntil.Format(time.DateOnly) != "2027-11-13" {
		t.Errorf("after the key was added: %+v, want one from the day of completion with the usual grace", all)
	}
}

func TestACertificateIsRenewedInItsTimeAndLapsesAfter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {months: 12, grace_days: 20}\n")
	h.completeAsking()
	c := h.certificates()[0]
	state := func() courses.CertificateState { c = h.certificates()[0]; return c.State(c.Today(*h.clock)) }
	if state() != courses.CertificateValid || c.Version != 2 || c.Title != "Asking" || len(c.Content) != 4 {
		t.Fatalf("granted %+v", c)
	}
	h.passQuiz(h.dana) // again on the day: renews nothing
	h.on(2027, 7, 13)
	h.passQuiz(h.dana)
	if state() != courses.CertificateValid || c.Renewals != 0 {
		t.Errorf("renewed before the last quarter: %+v", c)
	}
	h.on(2027, 7, 20) // within the last quarter of 2026-10-14 to 2027-10-14
	if state() != courses.CertificateDue {
		t.Errorf("state %s in the last quarter", state())
	}
	if r, err := h.Renewal(h.ctx, h.dana, c); err != nil || !r.Open || !r.Quiz || len(r.Missing) != 0 || r.Ready() {
		t.Errorf("renewal %+v, %v", r, err)
	}
	if since, err := h.QuizAnew(h.ctx, h.db, h.dana.ID, "asking"); err != nil || !since.Equal(*c.RenewFrom()) {
		t.Errorf("attempts count anew from %v, %v", since, err)
	}
	h.passQuiz(h.dana)
	if state() != courses.CertificateValid || c.Renewals != 1 || c.ValidUntil.Format(time.DateOnly) != "2028-10-14" {
		t.Errorf("renewed early: %+v, want the old end as the base", c)
	}
	h.on(2028, 10, 30)
	if state() != courses.CertificateGrace {
		t.Errorf("state %s within the grace", state())
	}
	h.on(2028, 11, 4)
	if state() != courses.CertificateLapsed || c.EndedAt != nil {
		t.Errorf("state %s after the grace", state())
	}
	for range 2 {
		_, err := h.Certify(h.ctx)
		h.must(err)
	}
	if n := h.count(`select count(*) from certificate_entries where act = 'lapsed'`); n != 1 || state() != courses.CertificateLapsed || c.EndedAt == nil {
		t.Errorf("%d lines about one lapse", n)
	}
	h.on(2028, 11, 10)
	h.passQuiz(h.dana)
	all := h.certificates()
	if len(all) != 2 || all[0].Code == all[1].Code || all[0].GrantedOn.Format(time.DateOnly) != "2028-11-10" || all[1].State(*day(11, 10)) != courses.CertificateLapsed {
		t.Errorf("passed after the lapse: %+v, want another certificate beside the old one", all)
	}
}

func TestOnlyAMajorChangeAsksForMoreThanTheQuiz(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {months: 12}\n")
	h.completeAsking()
	h.on(2027, 9, 1)
	changed := func(text string, minor bool) {
		files := fstest.MapFS{"courses/asking/02-second.md": {Data: []byte("---\ntitle: Second\nminutes: 5\n---\n\n" + text + "\n")}}
		h.publish(files)
		if minor {
			h.exec(`update document_versions set minor = true where id = (select published_version from documents where kind = 'lesson' and slug = 'asking.second')`)
		}
	}
	changed("Nothing is asked here!", true)
	h.Service = &courses.Service{DB: h.db, Content: freshLibrary(h), Now: h.Now}
	c := h.certificates()[0]
	if r, err := h.Renewal(h.ctx, h.dana, c); err != nil || len(r.Missing) != 0 {
		t.Errorf("after a minor edit: %+v, %v", r, err)
	}
	changed("Everything is another way now.", false)
	h.Service = &courses.Service{DB: h.db, Content: freshLibrary(h), Now: h.Now}
	if r, err := h.Renewal(h.ctx, h.dana, c); err != nil || len(r.Missing) != 1 || r.Missing[0] != "Second" {
		t.Errorf("after a major edit: %+v, %v", r, err)
	}
	h.passQuiz(h.dana)
	if c = h.certificates()[0]; c.Renewals != 0 || c.State(*day(10, 1)) == courses.CertificateLapsed {
		t.Errorf("with a changed lesson open: %+v; want it neither renewed nor ended", c)
	}
	h.wants(fault.Conflict, h.Renew(h.ctx, h.dana, c.ID, ""))
	h.must(h.StayOrMove(h.ctx, h.dana, h.dana.ID, "asking", true))
	if c = h.certificates()[0]; c.Renewals != 1 {
		t.Errorf("after moving to the new version: %+v, want it renewed", c)
	}
}

func TestTheLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {months: 12}\n")
	h.completeAsking()
	for _, sql := range []string{`update certificate_entries set reason = 'x'`, `delete from certificate_entries`, `truncate certificate_entries cascade`,
		`update certificates set person_id = person_id`, `delete from certificates`, `truncate certificates cascade`} {
		if _, err := h.db.Exec(h.ctx, sql); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if n := h.count(`select count(*) from certificate_entries`); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestACertificateIsRevokedForAReason(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {}\n")
	h.completeAsking()
	id := h.certificates()[0].ID
	h.wants(fault.Invalid, h.Revoke(h.ctx, h.mo, id, "  "))
	h.wants(fault.NotFound, h.Revoke(h.ctx, h.eve, id, "Because."))
	h.wants(fault.Forbidden, h.Revoke(h.ctx, h.dana, id, "Because."))
	for range 2 { // a double click
		h.must(h.Revoke(h.ctx, h.mo, id, "The quiz was taken by somebody else."))
	}
	c, lines, err := h.Certificate(h.ctx, h.dana, id)
	h.must(err)
	if c.State(*day(10, 14)) != courses.CertificateRevoked || c.Reason == "" || len(lines) != 2 || lines[1].Act != "revoked" || lines[1].By == nil || *lines[1].By != "Mo" {
		t.Errorf("revoked %+v, ledger %+v", c, lines)
	}
	if n := h.count(`select count(*) from notices where person_id = $1 and text like '%somebody else%'`, h.dana.ID); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := h.count(`select count(*) from audit_log where act = 'revoke certificate'`); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
	_, err = h.Certify(h.ctx)
	h.must(err)
	if len(h.certificates()) != 1 {
		t.Error("what was revoked came back by itself")
	}
	*h.clock = h.clock.Add(time.Hour)
	h.passQuiz(h.dana)
	if len(h.certificates()) != 2 {
		t.Error("passing again should grant another")
	}
}

func TestVerifyingTellsLittleAndNotTooOften(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {months: 12}\n")
	h.completeAsking()
	c := h.certificates()[0]
	if !regexp.MustCompile(`^[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}$`).MatchString(c.Code) {
		t.Errorf("code %q", c.Code)
	}
	v, err := h.Verify(h.ctx, "192.0.2.1", " "+strings.ToUpper(c.Code))
	h.must(err)
	if v.Name != "Dana" || v.Title != "Asking" || v.State != courses.CertificateValid || v.ValidUntil.Format(time.DateOnly) != "2027-10-14" {
		t.Errorf("verified %+v", v)
	}
	for range 29 {
		_, err = h.Verify(h.ctx, "192.0.2.1", "none-none-none")
		h.wants(fault.NotFound, err)
	}
	_, err = h.Verify(h.ctx, "192.0.2.1", c.Code)
	h.wants(fault.TooMany, err)
	_, err = h.Verify(h.ctx, "192.0.2.2", c.Code)
	h.must(err)
	*h.clock = h.clock.Add(time.Minute)
	_, err = h.Verify(h.ctx, "192.0.2.1", c.Code)
	h.must(err)
}

func TestACourseWithoutAQuizIsRenewedByItsHolder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(fstest.MapFS{"courses/plain/course.md": {Data: []byte("---\ntitle: Plain\nattribution: Our own words.\ncertificate: {months: 4}\n---\n\nNo quiz here.\n")}})
	_, err := h.Open(h.ctx, h.dana, "plain", "only")
	h.must(err)
	_, err = h.Finish(h.ctx, h.dana, h.dana.ID, "plain", "only")
	h.must(err)
	c := h.certificates()[0]
	h.wants(fault.Conflict, h.Renew(h.ctx, h.dana, c.ID, ""))
	h.on(2027, 2, 10)
	if r, err := h.Renewal(h.ctx, h.dana, c); err != nil || !r.Ready() || !r.Self {
		t.Errorf("renewal %+v, %v", r, err)
	}
	h.wants(fault.Forbidden, h.Renew(h.ctx, h.mo, c.ID, ""))
	h.must(h.Renew(h.ctx, h.dana, c.ID, ""))
	h.wants(fault.Conflict, h.Renew(h.ctx, h.dana, c.ID, ""))
	if c = h.certificates()[0]; c.Renewals != 1 || c.ValidUntil.Format(time.DateOnly) != "2027-06-14" {
		t.Errorf("renewed %+v", c)
	}
}

func TestAProgramGrantsACertificate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(fstest.MapFS{"programs/start.yaml": {Data: []byte("title: Start\nattribution: Ours.\ndays: 5\ncertificate: {months: 12}\nsections:\n  - title: One\n    items:\n      - {id: seen, title: Seen, milestone: coach, due: 2}\n")}})
	_, err := h.EnrolInProgram(h.ctx, h.dana, courses.Enrolling{People: []int64{h.dana.ID}, Program: "start"})
	h.must(err)
	_, err = h.Certify(h.ctx)
	h.must(err)
	if len(h.certificates()) != 0 {
		t.Fatal("granted before it was done")
	}
	place, err := h.ProgramPlace(h.ctx, h.dana, h.dana.ID, "start")
	h.must(err)
	h.must(h.Tick(h.ctx, h.ana, place.ID, "seen", "I saw it."))
	for range 2 {
		_, err = h.Certify(h.ctx)
		h.must(err)
	}
	all := h.certificates()
	if len(all) != 1 || all[0].Kind != "program" || all[0].Title != "Start" {
		t.Fatalf("granted %+v", all)
	}
	h.on(2027, 9, 1)
	h.wants(fault.Forbidden, h.Renew(h.ctx, h.dana, all[0].ID, "I am good."))
	h.wants(fault.Invalid, h.Renew(h.ctx, h.mo, all[0].ID, ""))
	h.must(h.Renew(h.ctx, h.mo, all[0].ID, "Sat in on two calls this week."))
	if c := h.certificates()[0]; c.Renewals != 1 || c.ValidUntil.Format(time.DateOnly) != "2028-10-14" {
		t.Errorf("renewed %+v", c)
	}
}

func TestCertificateAsPDF(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.granting("certificate: {months: 12}\n")
	h.completeAsking()
	c := h.certificates()[0]
	for _, name := range []string{"Łukasz Őry Ñandú Žižek Ελένη Дмитрий Nguyễn", "王小明", "محمد علي"} {
		h.exec(`update persons set name = $1 where id = $2`, name, h.dana.ID)
		b, err := h.CertificatePDF(h.ctx, h.dana, c.ID, "Fernhill", "https://learn.fernhill.example/")
		h.must(err)
		checkPDF(t, b, name, c.Code)
	}
	_, err := h.CertificatePDF(h.ctx, h.eve, c.ID, "Fernhill", "https://learn.fernhill.example")
	h.wants(fault.NotFound, err)
}
