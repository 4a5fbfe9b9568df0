package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

const (
	sessionCookie = "pitchside_session"
	formLimit     = 1 << 20  // 1 MiB of form is more than anybody types
	drainLimit    = 64 << 20 // of a form that is too large, what is read and dropped so that the answer arrives
)

const unreadable = "Something here holds a character that cannot be kept, such as NUL. Take it out, or paste the text again as plain text."

// status is the one place where a fault becomes an HTTP status.
var status = map[fault.Kind]int{
	fault.Defect:          http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
}

// page makes a Gin handler of a route: it finds who is asking, refuses who may
// not, and turns the handler's error into a page.
func (s *Site) page(rt route) gin.HandlerFunc {
	return func(c *gin.Context) {
		line, _ := c.Request.Context().Value(logKey{}).(*logLine)
		if line != nil {
			line.route = c.FullPath()
		}
		limit := rt.Limit
		if limit == 0 {
			limit = formLimit
		}
		c.Set("sent", c.Request.Body)
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
		by, err := s.whoAsks(c)
		switch {
		case err == nil:
			c.Set("actor", by)
			if line != nil {
				line.person = by.ID
			}
			if len(rt.For) > 0 && !by.Can(rt.For...) {
				err = nowhere(c)
				break
			}
			err = rt.handle(c)
		case fault.KindOf(err) == fault.Unauthenticated && rt.Public:
			err = rt.handle(c)
		case fault.KindOf(err) == fault.Unauthenticated:
			err = s.askToSignIn(c)
		}
		if c.Request.Method != http.MethodGet {
			s.People.ForgetSessions() // what was done may have changed who somebody is
		}
		if err != nil {
			s.fail(c, err)
		}
	}
}

func nowhere(*gin.Context) error {
	return fault.NotFoundf("The page may have been moved or withdrawn, or it belongs to somebody whose work you do not see.")
}

// whoAsks returns the actor behind the session cookie, or Unauthenticated.
func (s *Site) whoAsks(c *gin.Context) (people.Actor, error) {
	token, err := c.Cookie(sessionCookie)
	if err != nil || token == "" {
		return people.Actor{}, &fault.Error{Kind: fault.Unauthenticated, Message: "Sign in to go on."}
	}
	by, session, err := s.People.Session(c.Request.Context(), token)
	if err == nil {
		c.Set("session", session)
	}
	return by, err
}

// actor returns who is asking; every route that is not public has one.
func actor(c *gin.Context) people.Actor {
	by, _ := c.Get("actor")
	a, _ := by.(people.Actor)
	return a
}

// ctx returns the request's context.
func ctx(c *gin.Context) context.Context { return c.Request.Context() }

// pathID returns the whole number in the path, or NotFound.
func pathID(c *gin.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, nowhere(c)
	}
	return id, nil
}

// show writes a page, whole or not at all.
func (s *Site) show(c *gin.Context, code int, page string, data any) error {
	t, ok := s.pages[page]
	if !ok {
		return errors.New("there is no template " + page)
	}
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		b.Reset()
		buffers.Put(b)
	}()
	if err := t.ExecuteTemplate(b, "layout", data); err != nil {
		return err
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// showPart writes one part of a page, for a script that puts it in its place.
func (s *Site) showPart(c *gin.Context, code int, page, name string, data any) error {
	var b bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	c.Data(code, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// buffers are pages being made; they are used again, as they grow to the same size.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// seeOther sends the browser on after a form was carried out, with a sentence
// that says what was done.
func (s *Site) seeOther(c *gin.Context, to, done string) error {
	if done != "" {
		s.say(c, "ok", done)
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

type failurePage struct {
	Base
	Code      int
	Message   string
	Theirs    string
	Typed     []typedField
	Reference string
}

type typedField struct{ Name, Value string }

// fail shows what went wrong: cause, remedy, and what was typed.
func (s *Site) fail(c *gin.Context, err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = &fault.Error{Kind: fault.TooLarge, Message: "This is " + bytesInWords(c.Request.ContentLength) + ", and a form may hold " +
			bytesInWords(large.Limit) + ". Go back: what you typed is still in the form. Shorten it, or import it as a file."}
	}
	if pg.Unreadable(err) {
		err = fault.Invalidf("%s", unreadable)
	}
	kind := fault.KindOf(err)
	if kind == fault.TooLarge {
		drain(c)
	}
	p := failurePage{Base: s.base(c, failureTitles[kind]), Code: status[kind], Message: "Something went wrong on our side. What you had saved is safe, and the fault has been logged."}
	if line, ok := ctx(c).Value(logKey{}).(*logLine); ok {
		p.Reference = line.id
		if kind == fault.Defect {
			line.defect = err
		}
	}
	var f *fault.Error
	if errors.As(err, &f) {
		p.Message, p.Theirs = f.Message, f.Theirs
	}
	if kind != fault.NotFound && kind != fault.TooLarge {
		p.Typed = typed(c.Request.PostForm)
	}
	if c.Writer.Written() {
		return
	}
	if err := s.show(c, p.Code, "failure", p); err != nil {
		http.Error(c.Writer, p.Message, p.Code)
	}
}

// otherwise answers a method that an address does not take; Gin has set Allow.
func (s *Site) otherwise(c *gin.Context) error {
	return s.show(c, http.StatusMethodNotAllowed, "failure", failurePage{Base: s.base(c, "That did not work"), Code: http.StatusMethodNotAllowed,
		Message: "This address cannot be used in that way. Go back to the page you came from and use its buttons."})
}

// drain reads the rest of what is being sent. It comes before the answer: a
// browser that is still sending would see a broken connection instead of it.
func drain(c *gin.Context) {
	if sent, ok := c.MustGet("sent").(io.Reader); ok {
		_, _ = io.CopyN(io.Discard, sent, drainLimit)
	}
}

var failureTitles = map[fault.Kind]string{
	fault.Defect:          "That did not work",
	fault.Invalid:         "That could not be saved",
	fault.Unauthenticated: "Sign in to go on",
	fault.Forbidden:       "This is for somebody else to do",
	fault.NotFound:        "There is nothing here for you",
	fault.Conflict:        "That cannot be done now",
	fault.Stale:           "Two people changed the same thing",
	fault.TooLarge:        "That is too large",
	fault.TooMany:         "Please wait a little",
}

// typed lists what a person had written into a form, so that a failure page
// can give it back; short fields and secrets are left out.
func typed(form url.Values) []typedField {
	var out []typedField
	for name, values := range form {
		for _, v := range values {
			if len(v) > 20 && name != "password" && name != "current" {
				out = append(out, typedField{name, v})
			}
		}
	}
	return out
}

// newReference returns a short name for one request, to quote in a report.
func newReference() string {
	var b [5]byte
	_, _ = rand.Read(b[:])
	s := base32.StdEncoding.EncodeToString(b[:])
	return s[:4] + "-" + s[4:]
}

func bytesInWords(n int64) string {
	switch {
	case n < 0:
		return "more than allowed"
	case n < 1<<10:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < 1<<20:
		return strconv.FormatInt(n>>10, 10) + " KB"
	default:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	}
}
