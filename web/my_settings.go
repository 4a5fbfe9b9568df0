package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type mySettingsPage struct {
	Base
	Profile  profileForm
	Topics   []noticeChoice
	Problems Problems // of whichever form was sent
}

// timeZones are offered; any other IANA name may be typed.
var timeZones = []string{"UTC", "Europe/Lisbon", "Europe/London", "Europe/Dublin", "Europe/Madrid", "Europe/Paris", "Europe/Amsterdam", "Europe/Berlin",
	"Europe/Zurich", "Europe/Rome", "Europe/Vienna", "Europe/Stockholm", "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Europe/Istanbul",
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "America/Mexico_City",
	"Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
	"Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi"}

// Zones are the time zones that a form offers.
func (b Base) Zones() []string { return timeZones }

type profileForm struct {
	Name     string `form:"name" validate:"required,max=200"`
	TimeZone string `form:"time_zone" validate:"required"`
}

type passwordForm struct {
	Current  string `form:"current" validate:"required"`
	Password string `form:"password" validate:"required"`
}

func (s *Site) showMySettings(c *gin.Context) error {
	by := actor(c)
	return s.mySettingsPage(c, http.StatusOK, profileForm{by.Name, by.TimeZone}, nil)
}

func (s *Site) mySettingsPage(c *gin.Context, code int, form profileForm, problems Problems) error {
	p := mySettingsPage{Base: s.base(c, "My settings"), Profile: form, Problems: problems}
	p.Wide = "narrow"
	var err error
	if p.Topics, err = s.noticeTopics(c); err != nil {
		return err
	}
	return s.show(c, code, "me/settings", p)
}

func (s *Site) saveProfile(c *gin.Context) error {
	var form profileForm
	err := bind(c, &form)
	if err == nil {
		err = s.People.SaveProfile(ctx(c), actor(c), form.Name, form.TimeZone)
	}
	if p, ok := problems(err); ok {
		return s.mySettingsPage(c, http.StatusUnprocessableEntity, form, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/me/settings", "Saved.")
}

func (s *Site) changePassword(c *gin.Context) error {
	var form passwordForm
	err := bind(c, &form)
	by := actor(c)
	if err == nil {
		err = s.People.ChangePassword(ctx(c), by, form.Current, form.Password, c.GetInt64("session"))
	}
	if p, ok := problems(err); ok {
		return s.mySettingsPage(c, http.StatusUnprocessableEntity, profileForm{by.Name, by.TimeZone}, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/me/settings", "Your password is changed, and every other browser is signed out.")
}

// changeTheme keeps light, dark or the system's choice in this browser.
func (s *Site) changeTheme(c *gin.Context) error {
	theme, age := c.PostForm("theme"), 365*24*60*60
	if theme != "light" && theme != "dark" {
		theme, age = "", -1
	}
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie("pitchside_theme", theme, age, "/", "", s.Secure, true)
	return s.seeOther(c, "/me/settings", "Saved for this browser.")
}
