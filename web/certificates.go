package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A certificateView is a certificate as it is read in a list or on its page.
type certificateView struct {
	courses.Certificate
	State courses.CertificateState
	Day   time.Time // today, where its holder is
}

func (s *Site) viewOf(c courses.Certificate) certificateView {
	day := c.Today(s.Now())
	return certificateView{c, c.State(day), day}
}

// Tone and Word say how it stands.
func (v certificateView) Tone() string {
	return map[courses.CertificateState]string{courses.CertificateValid: "ok", courses.CertificateDue: "info", courses.CertificateGrace: "warn"}[v.State]
}

var certificateWords = map[courses.CertificateState]string{
	courses.CertificateValid: "Valid", courses.CertificateDue: "Due soon", courses.CertificateGrace: "In grace", courses.CertificateLapsed: "Lapsed", courses.CertificateRevoked: "Revoked",
}

// Word names the state.
func (v certificateView) Word() string { return certificateWords[v.State] }

// Href is its page.
func (v certificateView) Href() string { return fmt.Sprintf("/certificates/%d", v.ID) }

// Subject is the page of what it is about.
func (v certificateView) Subject() string {
	if v.Kind == "program" {
		return "/learn/programs/" + v.Slug
	}
	return "/learn/" + v.Slug
}

type myCertificatesPage struct {
	Base
	List   []certificateView
	Grants []link // courses that grant one, not completed yet
}

func (s *Site) showMyCertificates(c *gin.Context) error {
	by := actor(c)
	p := myCertificatesPage{Base: s.base(c, "My certificates")}
	p.Wide = "mid"
	all, err := s.Courses.PersonCertificates(ctx(c), by, by.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		p.List = append(p.List, s.viewOf(one))
	}
	places, err := s.Courses.Catalogue(ctx(c), by)
	if err != nil {
		return err
	}
	for _, pl := range places {
		has := slices.ContainsFunc(all, func(o courses.Certificate) bool { return o.Kind == "course" && o.Slug == pl.Outline.Slug })
		if pl.Outline.Course.Certificate != nil && !has {
			p.Grants = append(p.Grants, link{pl.Outline.Title, "/learn/" + pl.Outline.Slug})
		}
	}
	return s.show(c, http.StatusOK, "certificates/mine", p)
}

type certificatePage struct {
	Base
	View     certificateView
	Ledger   []courses.CertificateEntry
	Renewal  courses.Renewal
	Own      bool
	Rules    bool // may revoke it, or renew one that is vouched for
	Address  string
	Problems Problems
	Reason   string
	Note     string
}

// Act names a line of the ledger.
func (certificatePage) Act(act string) string {
	return map[string]string{"granted": "Granted", "renewed": "Renewed", "lapsed": "Lapsed", "revoked": "Revoked"}[act]
}

func (s *Site) showCertificate(c *gin.Context) error {
	return s.certificatePage(c, http.StatusOK, nil, "", "")
}

func (s *Site) certificatePage(c *gin.Context, code int, wrong Problems, reason, note string) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actor(c)
	one, ledger, err := s.Courses.Certificate(ctx(c), by, id)
	if err != nil {
		return err
	}
	p := certificatePage{Base: s.base(c, "Certificate: "+one.Title), View: s.viewOf(one), Ledger: ledger, Own: by.ID == one.PersonID,
		Rules: by.ID != one.PersonID, Address: s.URL + "/verify/" + one.Code, Problems: wrong, Reason: reason, Note: note}
	p.Wide = "narrow"
	if p.Renewal, err = s.Courses.Renewal(ctx(c), by, one); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return s.show(c, code, "certificates/certificate", p)
}

func (s *Site) downloadCertificate(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	company, _ := s.People.CompanyLine(ctx(c))
	pdf, err := s.Courses.CertificatePDF(ctx(c), actor(c), id, company, s.URL)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`inline; filename="certificate-%d.pdf"`, id))
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}

func (s *Site) renewCertificate(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	text := c.PostForm("note")
	err = s.Courses.Renew(ctx(c), actor(c), id, text)
	if wrong, ok := problems(err); ok {
		return s.certificatePage(c, http.StatusUnprocessableEntity, wrong, "", text)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/certificates/%d", id), "Renewed.")
}

func (s *Site) revokeCertificate(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	reason := c.PostForm("reason")
	err = s.Courses.Revoke(ctx(c), actor(c), id, reason)
	if wrong, ok := problems(err); ok {
		return s.certificatePage(c, http.StatusUnprocessableEntity, wrong, reason, "")
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/certificates/%d", id), "Revoked. The person has been told, with the reason.")
}

type certificatesPage struct {
	Base
	Soon   []certificateView // ends within 60 days, or has, and can be renewed
	All    []certificateView
	Filter string
}

// soonDays is how far ahead the list for those who lead looks.
const soonDays = 60

func (s *Site) ledCertificates(c *gin.Context, by people.Actor) ([]certificateView, error) {
	all, err := s.Courses.Certificates(ctx(c), by)
	var out []certificateView
	for _, one := range all {
		out = append(out, s.viewOf(one))
	}
	return out, err
}

func (s *Site) showCertificates(c *gin.Context) error {
	p := certificatesPage{Base: s.base(c, "Certificates"), Filter: c.Query("state")}
	all, err := s.ledCertificates(c, actor(c))
	if err != nil {
		return err
	}
	for _, v := range all {
		if days := v.Days(v.Day); (v.State == courses.CertificateValid || v.State == courses.CertificateDue) && days != nil && *days <= soonDays || v.State == courses.CertificateGrace {
			p.Soon = append(p.Soon, v)
		}
		if p.Filter == "" || string(v.State) == p.Filter {
			p.All = append(p.All, v)
		}
	}
	slices.SortStableFunc(p.Soon, func(a, b certificateView) int { return a.ValidUntil.Compare(*b.ValidUntil) })
	return s.show(c, http.StatusOK, "reports/certificates", p)
}

// States are the states one can look for.
func (certificatesPage) States() []link {
	out := []link{{"All states", ""}}
	for _, st := range []courses.CertificateState{courses.CertificateValid, courses.CertificateDue, courses.CertificateGrace, courses.CertificateLapsed, courses.CertificateRevoked} {
		out = append(out, link{certificateWords[st], string(st)})
	}
	return out
}

func (s *Site) exportCertificates(c *gin.Context) error {
	all, err := s.ledCertificates(c, actor(c))
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="certificates-%s.csv"`, s.Now().Format(time.DateOnly)))
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"person_id", "name", "kind", "slug", "title", "version", "granted", "renewals", "valid_until", "grace_until", "state", "ended", "code"})
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	for _, v := range all {
		_ = w.Write([]string{strconv.FormatInt(v.PersonID, 10), cellText(v.Person), v.Kind, v.Slug, cellText(v.Title), strconv.Itoa(v.Version), v.GrantedOn.Format(time.DateOnly), strconv.Itoa(v.Renewals),
			day(v.ValidUntil), day(v.GraceUntil), string(v.State), day(v.EndedOn), v.Code})
	}
	w.Flush()
	return w.Error()
}

type verifyPage struct {
	Base
	Verified courses.Verified
}

// Word names the state.
func (p verifyPage) Word() string { return certificateWords[p.Verified.State] }

// Holds reports whether the certificate is good today: also in its grace.
func (p verifyPage) Holds() bool { return p.Verified.State == courses.CertificateValid }

// showVerify tells anybody who has its code how a certificate stands.
func (s *Site) showVerify(c *gin.Context) error {
	c.Header("X-Robots-Tag", "noindex, nofollow")
	v, err := s.Courses.Verify(ctx(c), c.RemoteIP(), c.Param("code"))
	if err != nil {
		return err
	}
	p := verifyPage{Base: s.base(c, "Certificate"), Verified: v}
	p.Wide = "narrow"
	return s.show(c, http.StatusOK, "certificates/verify", p)
}

// certificateRows are the certificates that somebody should do something about.
func (s *Site) certificateRows(c *gin.Context, by people.Actor, b Base) ([]todayRow, error) {
	all, err := s.Courses.PersonCertificates(ctx(c), by, by.ID)
	if err != nil {
		return nil, err
	}
	var rows []todayRow
	seen := map[string]bool{}
	for _, one := range all {
		v := s.viewOf(one)
		if seen[v.Kind+v.Slug] {
			continue // another stands in its place
		}
		seen[v.Kind+v.Slug] = true
		row := todayRow{Icon: "done", Href: v.Href(), Title: "Certificate: " + v.Title}
		switch v.State {
		case courses.CertificateDue:
			if *v.Days(v.Day) > soonDays {
				continue
			}
			row.Day, row.Meta = *v.ValidUntil, "Renew it by then; you lose no day by being early."
		case courses.CertificateGrace:
			row.Day, row.Late, row.Meta = *v.ValidUntil, true, "It has ended, and can be renewed until "+b.Day(*v.GraceUntil)+"."
		case courses.CertificateLapsed:
			if v.Day.Sub(*v.GraceUntil) > soonDays*24*time.Hour {
				continue
			}
			row.Day, row.Late, row.Meta = *v.GraceUntil, true, "It has lapsed. Passing again gives you a new one."
		default:
			continue
		}
		row.next = &nextThing{Kicker: "Certificate, " + strings.ToLower(v.Word()), Title: v.Title, Text: row.Meta, Href: v.Href(), Label: "See what it takes"}
		rows = append(rows, row)
	}
	return rows, nil
}
