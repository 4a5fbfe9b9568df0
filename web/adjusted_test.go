package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pitchside/assessments"
	"pitchside/people"
)

// Five reps, two calls each, scored by a strict and a lenient coach: beside
// their own sheet each reads what strictness would make of it, after the score
// as given; the rep does not, and no number changes.
func TestAdjustedStandsBesideTheScore(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	ctx, s := context.Background(), p.site.Assessments
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var coaches []people.Actor
	for _, name := range []string{"Ana Ruiz", "Ben Ito"} {
		var id int64
		must(p.site.DB.QueryRow(ctx, `select id from persons where name = $1`, name).Scan(&id))
		coaches = append(coaches, people.Actor{ID: id, Name: name, Capabilities: []people.Capability{people.Coach}})
	}
	var first string
	var cookie = p.dana
	for i := range 10 {
		name := fmt.Sprintf("Rep %d", i/2)
		var rep people.Person
		if i%2 == 0 {
			rep, cookie = p.person(name, people.Rep)
			for _, c := range coaches {
				_, err := p.site.DB.Exec(ctx, `insert into coachings (coach_id, person_id) values ($1, $2)`, c.ID, rep.ID)
				must(err)
			}
		} else {
			must(p.site.DB.QueryRow(ctx, `select id from persons where name = $1`, name).Scan(&rep.ID))
		}
		by := people.Actor{ID: rep.ID, Name: name, Capabilities: []people.Capability{people.Rep}}
		a, err := s.StartAttempt(ctx, by, by.ID, calder, assessments.FormTranscript)
		must(err)
		_, err = s.SaveTranscript(ctx, by, a.ID, []assessments.Turn{{Speaker: assessments.Rep, Text: "And what does that stop lead to?"}}, nil)
		must(err)
		must(s.Submit(ctx, by, a.ID))
		first = strconv.FormatInt(a.ID, 10)
		for j, c := range coaches {
			var in assessments.SheetInput
			for k, id := range []string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"} {
				level := 2 + (i/2+k)%2
				if k == 0 {
					level += j
				}
				in.Scores = append(in.Scores, assessments.Score{Criterion: id, Level: &level, Quote: "And what does that stop lead to?"})
			}
			_, _, err := s.SaveSheet(ctx, c, a.ID, c.ID, in, nil)
			must(err)
			_, err = s.Release(ctx, c, a.ID, c.ID)
			must(err)
		}
	}
	page := p.do(200, "GET", "/attempts/"+first, nil, p.ana).text("main")
	if !strings.Contains(page, "as given;") || !strings.Contains(page, "adjusted for Ana Ruiz’s strictness (−0.") || strings.Contains(page, "Ben Ito’s strictness") {
		t.Errorf("Ana reads: %s", page)
	}
	if desk := p.do(200, "GET", "/score/"+first, nil, p.ben).text("main"); !strings.Contains(desk, "adjusted for Ben Ito’s strictness (+0.") {
		t.Errorf("Ben reads: %s", desk)
	}
	if seen := p.do(200, "GET", "/attempts/"+first, nil, cookie).text("main"); strings.Contains(seen, "strictness") {
		t.Errorf("the rep reads: %s", seen)
	}
}
