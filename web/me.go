package web

import (
	"net/http"
	"strings"

	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type myDataPage struct {
	Base
	Categories []people.Category
	Viewers    []people.Viewing
	Sessions   []mySession
	Tokens     []people.APIToken
	Scopes     []string
	Form       tokenForm
	Problems   Problems
	NewToken   string // shown once
}

// Held are the categories with something in them.
func (p myDataPage) Held() []people.Category { return p.with(true) }

// Empty are the categories without anything in them.
func (p myDataPage) Empty() []people.Category { return p.with(false) }

func (p myDataPage) with(any bool) []people.Category {
	var out []people.Category
	for _, c := range p.Categories {
		if (c.Rows > 0) == any {
			out = append(out, c)
		}
	}
	return out
}

// A mySession is one of the actor's sessions; Here is the one looked from.
type mySession struct {
	people.Session
	Here bool
}

// Browser names the browser and its system as well as its text allows.
func (s mySession) Browser() string {
	pick := func(of ...[2]string) string {
		for _, o := range of {
			if strings.Contains(s.UserAgent, o[0]) {
				return o[1]
			}
		}
		return ""
	}
	browser := pick([2]string{"Edg/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := pick([2]string{"Android", "Android"}, [2]string{"iPhone", "an iPhone"}, [2]string{"iPad", "an iPad"}, [2]string{"Windows", "Windows"},
		[2]string{"Mac OS", "a Mac"}, [2]string{"Linux", "Linux"})
	switch {
	case browser == "":
		return "A browser or program"
	case system == "":
		return browser
	default:
		return browser + " on " + system
	}
}

type tokenForm struct {
	Label  string   `form:"label" validate:"required,max=100"`
	Scopes []string `form:"scopes"`
}

// Has reports whether the scope was ticked.
func (f tokenForm) Has(scope string) bool {
	for _, s := range f.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}

func (s *Site) showMyData(c *gin.Context) error {
	return s.myDataPage(c, http.StatusOK, myDataPage{Form: tokenForm{Scopes: []string{"all"}}})
}

func (s *Site) myDataPage(c *gin.Context, code int, p myDataPage) error {
	by := actor(c)
	p.Base, p.Scopes = s.base(c, "My data"), people.Scopes()
	var err error
	if p.Categories, err = s.People.MyData(ctx(c), by, false); err != nil {
		return err
	}
	if p.Viewers, err = s.People.Viewers(ctx(c), by, 50); err != nil {
		return err
	}
	sessions, err := s.People.Sessions(ctx(c), by)
	if err != nil {
		return err
	}
	here := c.GetInt64("session")
	for _, one := range sessions {
		p.Sessions = append(p.Sessions, mySession{one, one.ID == here})
	}
	if p.Tokens, err = s.People.Tokens(ctx(c), by); err != nil {
		return err
	}
	return s.show(c, code, "me/data", p)
}

func (s *Site) exportMyData(c *gin.Context) error {
	by := actor(c)
	all, err := s.People.MyData(ctx(c), by, true)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="pitchside-my-data-`+s.Now().Format("2006-01-02")+`.json"`)
	c.IndentedJSON(http.StatusOK, gin.H{"name": by.Name, "email": by.Email, "made_at": s.Now().UTC(), "categories": all})
	return nil
}

func (s *Site) revokeSession(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.People.RevokeSession(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/me/data#sessions", "That browser is signed out.")
}

func (s *Site) revokeSessions(c *gin.Context) error {
	n, err := s.People.RevokeSessions(ctx(c), actor(c), c.GetInt64("session"))
	if err != nil {
		return err
	}
	return s.seeOther(c, "/me/data#sessions", plural(n, "other browser is", "other browsers are")+" signed out.")
}

func (s *Site) createToken(c *gin.Context) error {
	var form tokenForm
	err := bind(c, &form)
	var token string
	if err == nil {
		by := actor(c)
		token, err = s.People.CreateToken(ctx(c), by, by.ID, form.Label, form.Scopes)
	}
	if p, ok := problems(err); ok {
		return s.myDataPage(c, http.StatusUnprocessableEntity, myDataPage{Form: form, Problems: p})
	}
	if err != nil {
		return err
	}
	return s.myDataPage(c, http.StatusOK, myDataPage{Form: tokenForm{Scopes: []string{"all"}}, NewToken: token})
}

func (s *Site) revokeToken(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.People.RevokeToken(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/me/data#tokens", "The token works no longer.")
}
