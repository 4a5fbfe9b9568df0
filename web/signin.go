package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// keptLimit is how much of a lost form is carried through signing in, in bytes
// of its encoded text.
const keptLimit = 256 << 10

// keptSignedIn is how long a browser keeps the cookie, in seconds; whether the
// session still runs is for the server to say.
const keptSignedIn = 180 * 24 * 60 * 60

type signInForm struct {
	Email    string `form:"email"`
	Password string `form:"password"`
	Next     string `form:"next"`
	Keep     string `form:"keep"`
	ResumeTo string `form:"resume_to"` // where a form was to be sent when the session was found to have ended
	Resume   string `form:"resume"`    // and that form, encoded
}

type signInPage struct {
	Base
	Form    signInForm
	Refused string
	Done    string // what was done just before, such as signing out
	TooLong bool   // the lost form was too long to carry
}

// Lost reports whether a form waits behind the sign-in.
func (p signInPage) Lost() bool { return p.Form.ResumeTo != "" }

func (s *Site) showSignIn(c *gin.Context) error {
	if actor(c).ID != 0 {
		return s.seeOther(c, localPath(c.Query("next")), "")
	}
	return s.signInPage(c, http.StatusOK, signInPage{Form: signInForm{Next: c.Query("next"), Keep: "yes"}})
}

func (s *Site) signInPage(c *gin.Context, code int, p signInPage) error {
	p.Base = s.base(c, "Sign in")
	p.Wide = "bare"
	if p.Said != nil {
		p.Done, p.Said = p.Said.Text, nil
	}
	p.Form.Password = ""
	return s.show(c, code, "signin/signin", p)
}

func (s *Site) signIn(c *gin.Context) error {
	var form signInForm
	if err := bind(c, &form); err != nil {
		return err
	}
	token, err := s.People.SignIn(ctx(c), form.Email, form.Password, c.RemoteIP(), c.Request.UserAgent())
	switch fault.KindOf(err) {
	case fault.Unauthenticated:
		return s.signInPage(c, http.StatusUnauthorized, signInPage{Form: form, Refused: err.Error()})
	case fault.TooMany:
		return s.signInPage(c, http.StatusTooManyRequests, signInPage{Form: form, Refused: err.Error()})
	}
	if err != nil {
		return err
	}
	s.setSession(c, token, form.Keep != "")
	if form.ResumeTo == "" {
		return s.seeOther(c, localPath(form.Next), "")
	}
	by, _, err := s.People.Session(ctx(c), token)
	if err != nil {
		return err
	}
	c.Set("actor", by)
	return s.resumePage(c, form)
}

func (s *Site) signOut(c *gin.Context) error {
	if token, err := c.Cookie(sessionCookie); err == nil {
		if err := s.People.SignOut(ctx(c), token); err != nil {
			return err
		}
	}
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie(sessionCookie, "", -1, "/", "", s.Secure, true)
	return s.seeOther(c, "/signin", "You are signed out.")
}

// setSession gives the browser its session; without keep it ends with the browser.
func (s *Site) setSession(c *gin.Context, token string, keep bool) {
	age := 0
	if keep {
		age = keptSignedIn
	}
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie(sessionCookie, token, age, "/", "", s.Secure, true)
}

// localPath returns next if it is an address of this site, else Today.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") || u.Path == "/signin" {
		return "/today"
	}
	return next
}

// askToSignIn answers a request without a session: a page is shown after
// signing in, and a form that was sent is carried along.
func (s *Site) askToSignIn(c *gin.Context) error {
	if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		c.Redirect(http.StatusSeeOther, "/signin?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		return nil
	}
	p := signInPage{Form: signInForm{Keep: "yes", Next: "/today", ResumeTo: c.Request.URL.Path}}
	if err := c.Request.ParseForm(); err != nil || len(c.Request.PostForm) == 0 {
		drain(c)
		p.Form.ResumeTo = ""
		p.Refused = "Your session has ended, so this was not carried out. Sign in, then do it once more."
		return s.signInPage(c, http.StatusUnauthorized, p)
	}
	for _, secret := range []string{"password", "current"} {
		c.Request.PostForm.Del(secret)
	}
	p.Form.Resume = c.Request.PostForm.Encode()
	if len(p.Form.Resume) > keptLimit {
		p.Form.ResumeTo, p.Form.Resume, p.TooLong = "", "", true
	}
	return s.signInPage(c, http.StatusUnauthorized, p)
}

// A keptField is one field of a lost form. Long texts are shown to be read
// again, the rest goes along unseen.
type keptField struct {
	Name, Value string
	Long        bool
}

// Label is the field's name in words.
func (f keptField) Label() string {
	words := strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(f.Name)
	if words == "" {
		return "Text"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

type resumePage struct {
	Base
	To     string
	Fields []keptField
}

// Shown returns how many texts the page shows.
func (p resumePage) Shown() int {
	n := 0
	for _, f := range p.Fields {
		if f.Long {
			n++
		}
	}
	return n
}

// resumePage gives a lost form back, to be sent with one click.
func (s *Site) resumePage(c *gin.Context, form signInForm) error {
	values, err := url.ParseQuery(form.Resume)
	if err != nil || !s.takesForms(form.ResumeTo) {
		return s.seeOther(c, "/today", "")
	}
	p := resumePage{Base: s.base(c, "Welcome back"), To: form.ResumeTo}
	p.Wide = "narrow"
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range values[name] {
			p.Fields = append(p.Fields, keptField{name, v, len(v) > 20 || strings.Contains(v, "\n")})
		}
	}
	return s.show(c, http.StatusOK, "signin/resume", p)
}

// takesForms reports whether path is an address of the site map that takes a
// form from somebody signed in.
func (s *Site) takesForms(path string) bool {
	parts := strings.Split(path, "/")
	return slices.ContainsFunc(s.Routes(), func(rt route) bool {
		pattern := strings.Split(rt.Path, "/")
		if rt.Method != http.MethodPost || rt.Public || len(pattern) != len(parts) {
			return false
		}
		for i, p := range pattern {
			if !strings.HasPrefix(p, ":") && p != parts[i] {
				return false
			}
		}
		return true
	})
}

type joinForm struct {
	Name     string `form:"name" validate:"required,max=200"`
	Password string `form:"password" validate:"required"`
	TimeZone string `form:"time_zone"`
}

type joinPage struct {
	Base
	Token      string
	Invitation people.Invitation
	Form       joinForm
	Problems   Problems
}

func (s *Site) showJoin(c *gin.Context) error {
	inv, err := s.People.Invitation(ctx(c), c.Param("token"))
	if err != nil {
		return err
	}
	return s.joinPage(c, http.StatusOK, joinPage{Invitation: inv, Form: joinForm{Name: inv.Name}})
}

func (s *Site) joinPage(c *gin.Context, code int, p joinPage) error {
	p.Base, p.Token = s.base(c, "Make your account"), c.Param("token")
	p.Wide = "bare"
	p.Form.Password = ""
	return s.show(c, code, "signin/join", p)
}

func (s *Site) join(c *gin.Context) error {
	inv, err := s.People.Invitation(ctx(c), c.Param("token"))
	if err != nil {
		return err
	}
	var form joinForm
	err = bind(c, &form)
	var token string
	if err == nil {
		token, err = s.People.Accept(ctx(c), c.Param("token"), people.Joining{Name: form.Name, Password: form.Password,
			TimeZone: form.TimeZone, UserAgent: c.Request.UserAgent()})
	}
	if p, ok := problems(err); ok {
		return s.joinPage(c, http.StatusUnprocessableEntity, joinPage{Invitation: inv, Form: form, Problems: p})
	}
	if err != nil {
		return err
	}
	s.setSession(c, token, true)
	return s.seeOther(c, "/today", "Your account is ready.")
}
