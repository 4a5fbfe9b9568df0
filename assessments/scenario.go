package assessments

import (
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pitchside/content"
	"pitchside/content/beats"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A Scenario is a role-play to try, with the rubric that scores it. Buyer is
// for its holders only: see BuyerOpenTo.
type Scenario struct {
	Slug          string
	VersionID     int64
	Title         string
	Method        string
	Persona       string
	Industry      string
	Difficulty    string
	Minutes       int
	Skills        []string
	Goal          string
	Success       string
	Pass          float64
	Graders       int // sheets of coaches that are asked for; 1: whoever scores first
	Brief         template.HTML
	Buyer         template.HTML
	Facts         []content.Trigger // of the buyer card, for its holders only
	Objections    []content.Trigger
	Script        *beats.Script // nil: it cannot be played as text
	RubricSlug    string
	RubricVersion int64
	RubricNumber  int // of the version, as people count them
	Rubric        *content.Rubric
	Worksheet     *content.Worksheet // what is filled in; nil: it is a role-play
}

// BuyerOpenTo reports whether somebody may read the buyer's side before an
// attempt has ended: coaches, who play it, and authors.
func (s Scenario) BuyerOpenTo(by people.Actor) bool { return by.Can(people.Coach, people.Author) }

// PersonaName returns the buyer's name without their title.
func (s Scenario) PersonaName() string {
	name, _, _ := strings.Cut(s.Persona, ",")
	return strings.TrimSpace(name)
}

// PersonaRole returns what follows the buyer's name, such as their title.
func (s Scenario) PersonaRole() string {
	_, role, _ := strings.Cut(s.Persona, ",")
	letters := []rune(strings.TrimSpace(role))
	if len(letters) > 0 {
		letters[0] = unicode.ToUpper(letters[0])
	}
	return string(letters)
}

// PassText writes the pass mark without needless decimals.
func (s Scenario) PassText() string { return strconv.FormatFloat(s.Pass, 'f', -1, 64) }

// Scenarios returns the published scenarios whose rubric is published too, by
// slug.
func (s *Service) Scenarios(ctx context.Context) ([]Scenario, error) {
	docs, err := s.Content.List(ctx, content.KindScenario)
	if err != nil {
		return nil, err
	}
	var out []Scenario
	for _, doc := range docs {
		rubric, err := s.Content.Published(ctx, content.KindRubric, doc.Scenario.Rubric)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, scenarioOf(doc, rubric))
	}
	slices.SortFunc(out, func(a, b Scenario) int { return strings.Compare(a.Slug, b.Slug) })
	return out, nil
}

// Scenario returns one published scenario, or NotFound.
func (s *Service) Scenario(ctx context.Context, slug string) (Scenario, error) {
	doc, err := s.Content.Published(ctx, content.KindScenario, slug)
	if err != nil {
		return Scenario{}, err
	}
	rubric, err := s.Content.Published(ctx, content.KindRubric, doc.Scenario.Rubric)
	if err != nil {
		return Scenario{}, err
	}
	return scenarioOf(doc, rubric), nil
}

// Pinned returns the scenario and rubric as they were when an attempt began.
func (s *Service) Pinned(ctx context.Context, a Attempt) (Scenario, error) {
	doc, err := s.Content.Version(ctx, a.ScenarioVersion)
	if err != nil {
		return Scenario{}, err
	}
	rubric, err := s.Content.Version(ctx, a.RubricVersion)
	if err != nil {
		return Scenario{}, err
	}
	return scenarioOf(doc, rubric), nil
}

func scenarioOf(doc, rubric *content.Document) Scenario {
	if doc.Worksheet != nil {
		return worksheetOf(doc, rubric)
	}
	d := doc.Scenario
	return Scenario{Slug: doc.Slug, VersionID: doc.VersionID, Title: d.Title, Method: d.Method, Persona: d.Persona, Industry: d.Industry, Difficulty: d.Difficulty,
		Minutes: d.Minutes, Skills: d.Skills, Goal: d.Goal, Success: d.Success, Pass: d.Pass, Graders: d.Graders, Brief: d.Brief, Buyer: d.Buyer, Facts: d.Facts, Objections: d.Objections, Script: d.Beats,
		RubricSlug: rubric.Slug, RubricVersion: rubric.VersionID, RubricNumber: rubric.Number, Rubric: rubric.Rubric}
}
