package web

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sort"
	"strings"

	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
	"github.com/go-playground/validator/v10"
)

// Problems is what is wrong with a form, by field name; "" is about the whole.
type Problems map[string]string

// On returns the problem with a field, or "".
func (p Problems) On(field string) string { return p[field] }

// A Problem is one line of the summary above a form.
type Problem struct{ Field, Text string }

// List returns the problems in the order of their fields' names.
func (p Problems) List() []Problem {
	var out []Problem
	for f, t := range p {
		out = append(out, Problem{f, t})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

// Heading says how many things need fixing.
func (p Problems) Heading() string {
	if len(p) == 1 {
		return "One thing needs fixing"
	}
	return fmt.Sprintf("%d things need fixing", len(p))
}

// validate names fields by their form tag, as the page does.
var validate = func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}()

// words says each validator tag to a person.
var words = map[string]string{
	"required": "Fill this in.",
	"number":   "Give a whole number.",
	"numeric":  "Give a number.",
	"email":    "Give an e-mail address, such as name@company.com.",
	"datetime": "Give a date, such as 2026-10-24.",
	"max":      "This is too long: at most %s characters.",
	"min":      "This is too short: at least %s characters.",
	"oneof":    "Choose one of the offered values.",
}

// bind fills form from the request and checks its validate tags. A form holds
// what the person typed, so its fields are strings: Gin would read an empty
// number as 0, and a page shown again must show the typing, not our reading.
func bind(c *gin.Context, form any) error {
	if err := c.ShouldBind(form); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return &fault.Error{Kind: fault.Invalid, Message: "The form could not be read. Send it once more."}
	}
	var refused validator.ValidationErrors
	if err := validate.Struct(form); errors.As(err, &refused) {
		p := map[string]string{}
		for _, f := range refused {
			w := words[f.Tag()]
			if strings.Contains(w, "%s") {
				w = fmt.Sprintf(w, f.Param())
			}
			p[f.Field()] = w
		}
		return fault.Fields(p)
	} else if err != nil {
		return err
	}
	return nil
}

// problems returns the fields of err if it is an Invalid fault, so that the
// page can be shown again with everything that was typed. An Invalid fault
// without fields is about the whole form.
func problems(err error) (Problems, bool) {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid {
		if len(f.Fields) == 0 {
			return Problems{"": f.Message}, true
		}
		return f.Fields, true
	}
	return nil, false
}
