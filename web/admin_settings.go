package web

import (
	"errors"
	"net/http"
	"strconv"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type companyForm struct {
	Name      string `form:"name" validate:"required,max=100"`
	Currency  string `form:"currency" validate:"required"`
	TimeZone  string `form:"time_zone" validate:"required"`
	Retention string `form:"retention_days" validate:"required,number"`
	Dispute   string `form:"dispute_days" validate:"required,number"`
	Policy    string `form:"policy_text" validate:"required,max=500"`
	Version   string `form:"version"`
}

type companyPage struct {
	Base
	Form     companyForm
	Problems Problems
	Theirs   string
	Saved    people.Company
}

func (s *Site) showCompany(c *gin.Context) error {
	saved, err := s.People.Company(ctx(c))
	if err != nil {
		return err
	}
	form := companyForm{saved.Name, saved.Currency, saved.TimeZone, strconv.Itoa(saved.RetentionDays), strconv.Itoa(saved.DisputeDays), saved.PolicyText, strconv.Itoa(saved.Version)}
	return s.companyPage(c, http.StatusOK, companyPage{Form: form, Saved: saved})
}

func (s *Site) companyPage(c *gin.Context, code int, p companyPage) error {
	p.Base = s.base(c, "Company settings")
	p.Wide = "narrow"
	return s.show(c, code, "admin/settings", p)
}

func (s *Site) saveCompany(c *gin.Context) error {
	saved, err := s.People.Company(ctx(c))
	if err != nil {
		return err
	}
	var form companyForm
	err = bind(c, &form)
	if err == nil {
		retention, _ := strconv.Atoi(form.Retention)
		dispute, _ := strconv.Atoi(form.Dispute)
		version, _ := strconv.Atoi(form.Version)
		err = s.People.SaveCompany(ctx(c), actor(c), people.Company{Name: form.Name, Currency: form.Currency, TimeZone: form.TimeZone,
			RetentionDays: retention, DisputeDays: dispute, PolicyText: form.Policy, Version: version})
	}
	if p, ok := problems(err); ok {
		return s.companyPage(c, http.StatusUnprocessableEntity, companyPage{Form: form, Problems: p, Saved: saved})
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Stale {
		form.Version = strconv.Itoa(saved.Version)
		return s.companyPage(c, http.StatusConflict, companyPage{Form: form, Theirs: f.Theirs, Saved: saved})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/admin/settings", "Saved. Every page shows it from now on.")
}
