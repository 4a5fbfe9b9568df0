package api

import (
	"context"
	"fmt"
	"slices"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A WorksheetView is a worksheet in a list. It is exported so that the document
// of the API sees its fields where it is embedded.
type WorksheetView struct {
	Slug    string   `json:"slug"`
	Title   string   `json:"title"`
	Summary string   `json:"summary"`
	Minutes int      `json:"minutes"`
	Rubric  string   `json:"rubric"`
	Skills  []string `json:"skills" doc:"what it is evidence of; empty: the skills of its rubric"`
	Fields  int      `json:"field_count"`
}

type worksheetDetail struct {
	WorksheetView
	Attribution string          `json:"attribution"`
	Fields      []fieldView     `json:"fields"`
	Criteria    []criterionView `json:"criteria" doc:"with the skill that each is evidence of on this worksheet"`
}

type fieldView struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Rows     int    `json:"rows" doc:"room that a good answer needs, in lines"`
	Guidance string `json:"guidance" doc:"HTML"`
	Example  string `json:"example" doc:"the field in the filled example, HTML"`
	Case     string `json:"example_of" doc:"whom the example is about"`
}

type worksheetState struct {
	AttemptState
	Worksheet string            `json:"worksheet"`
	Number    int               `json:"number" doc:"which attempt of the person at this worksheet"`
	Revises   *int64            `json:"revises" doc:"the attempt whose text it began from"`
	Fields    map[string]string `json:"fields"`
}

func (a *API) registerWorksheets() {
	const tag = "Worksheets"
	register(a, op{Method: "GET", Path: "/worksheets", ID: "list-worksheets", Summary: "The published worksheets", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct{ Paging }) (*Body[Page[WorksheetView]], error) {
			all, err := a.Assessments.Worksheets(ctx)
			if err != nil {
				return nil, err
			}
			if in.Cursor != "" {
				at := slices.IndexFunc(all, func(w assessments.Scenario) bool { return w.Slug == in.Cursor })
				if at < 0 {
					return nil, fault.Field("cursor", "Send the cursor of the page before, unchanged.")
				}
				all = all[at+1:]
			}
			items, next := []WorksheetView{}, ""
			for _, w := range all {
				if len(items) == in.Limit {
					next = items[len(items)-1].Slug
					break
				}
				items = append(items, viewWorksheet(w))
			}
			return &Body[Page[WorksheetView]]{page(items, next)}, nil
		})

	register(a, op{Method: "GET", Path: "/worksheets/{slug}", ID: "get-worksheet", Summary: "One worksheet: its fields, guidance, filled example and criteria", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			Slug string `path:"slug"`
		}) (*Body[worksheetDetail], error) {
			w, err := a.Assessments.Worksheet(ctx, in.Slug)
			if err != nil {
				return nil, err
			}
			out := worksheetDetail{WorksheetView: viewWorksheet(w), Attribution: w.Worksheet.Attribution, Fields: []fieldView{}, Criteria: []criterionView{}}
			for _, f := range w.Worksheet.Fields {
				out.Fields = append(out.Fields, fieldView{f.ID, f.Title, f.Rows, string(f.Guidance), string(f.Example), f.Case})
			}
			for _, c := range w.Rubric.Criteria {
				out.Criteria = append(out.Criteria, criterionView{c.ID, c.Title, c.Skill, c.Weight, c.Meaning, c.Critical, c.Anchors})
			}
			return &Body[worksheetDetail]{out}, nil
		})

	register(a, op{Method: "POST", Path: "/worksheets/{slug}/attempts", ID: "start-worksheet", Summary: "Start a worksheet, empty or from the text of a scored attempt", Scope: "assessments:write", Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct {
			Slug string `path:"slug"`
			Body struct {
				PersonID int64 `json:"person_id" required:"false" doc:"the token's owner when absent"`
				Revises  int64 `json:"revises" required:"false" doc:"id of a scored attempt at the same worksheet; its text is what the new one begins with"`
			}
		}) (*Tagged[worksheetState], error) {
			person := in.Body.PersonID
			if person == 0 {
				person = by.ID
			}
			one, err := a.Assessments.StartWorksheet(ctx, by, person, in.Slug, in.Body.Revises)
			if err != nil {
				return nil, err
			}
			return a.worksheetState(ctx, by, one.ID)
		})

	register(a, op{Method: "PUT", Path: "/attempts/{id}/fields", ID: "put-fields", Summary: "Write some fields of a worksheet that is a draft; the others stay as they are", Scope: "assessments:write", Tag: tag, Limit: 2 << 20},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    struct {
				Fields map[string]string `json:"fields" doc:"text by the id of the field"`
			}
		}) (*Tagged[worksheetState], error) {
			version, err := guard(in.IfMatch)
			if err != nil {
				return nil, err
			}
			if _, err := a.Assessments.SaveFields(ctx, by, in.ID, assessments.FieldsInput{Texts: in.Body.Fields, Version: version}); err != nil {
				return nil, err
			}
			return a.worksheetState(ctx, by, in.ID)
		})
}

func (a *API) worksheetState(ctx context.Context, by people.Actor, id int64) (*Tagged[worksheetState], error) {
	one, err := a.Assessments.Attempt(ctx, by, id)
	if err != nil {
		return nil, err
	}
	texts, err := a.fieldTexts(ctx, by, one)
	if err != nil {
		return nil, err
	}
	return &Tagged[worksheetState]{ETag: etag(one.Version), Body: worksheetState{AttemptState{one.ID, string(one.State)}, one.Worksheet(), one.Number, one.Revises, texts}}, nil
}

// fieldTexts returns what a worksheet attempt says; nil for a role-play, and
// where its words are not open to the actor.
func (a *API) fieldTexts(ctx context.Context, by people.Actor, one assessments.Attempt) (map[string]string, error) {
	if one.Form != assessments.FormWorksheet || !one.SeesWords {
		return nil, nil
	}
	all, err := a.Assessments.Fields(ctx, by, one.ID)
	if err != nil {
		return nil, fmt.Errorf("fields of attempt %d: %w", one.ID, err)
	}
	texts := map[string]string{}
	for _, f := range all {
		texts[f.ID] = f.Text
	}
	return texts, nil
}

func viewWorksheet(w assessments.Scenario) WorksheetView {
	skills := w.Skills
	if skills == nil {
		skills = []string{}
	}
	return WorksheetView{w.Slug, w.Title, w.Worksheet.Summary, w.Minutes, w.RubricSlug, skills, len(w.Worksheet.Fields)}
}
