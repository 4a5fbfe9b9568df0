package main

import (
	"context"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"
)

// A worksheet that a program asks for is done when it is handed in.
func TestProgramsSeeWorksheets(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	library := &content.Service{DB: db, Now: time.Now}
	must(library.EnsureBuiltIn(ctx))
	staff := &people.Service{DB: db, Now: time.Now}
	name, mail := "Dana Okafor", "dana@fernhill.example"
	p, err := staff.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{people.Rep}}, "page")
	must(err)
	dana := people.Actor{ID: p.ID, Name: name, Capabilities: []people.Capability{people.Rep}, TimeZone: "UTC"}
	tests := &assessments.Service{DB: db, Content: library, Now: time.Now}
	learning := &courses.Service{DB: db, Content: library, Now: time.Now}
	learning.Elsewhere = elsewhere(tests, &coaching.Service{DB: db, Skills: &skills.Service{DB: db, Content: library, Now: time.Now}, Now: time.Now})
	_, err = learning.EnrolInProgram(ctx, dana, courses.Enrolling{People: []int64{dana.ID}, Program: "ae-90-days"})
	must(err)
	item := func() courses.ItemPlace {
		place, err := learning.ProgramPlace(ctx, dana, dana.ID, "ae-90-days")
		must(err)
		return *place.Item("map")
	}
	if i := item(); i.State == courses.ItemDone || i.Href() != "/practice/worksheets/t3-stakeholder-map" {
		t.Fatalf("before: %s, at %s", i.State, i.Href())
	}
	a, err := tests.StartWorksheet(ctx, dana, dana.ID, "t3-stakeholder-map", 0)
	must(err)
	_, err = tests.SaveFields(ctx, dana, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-decision": "Whether to renew."}})
	must(err)
	if i := item(); i.State == courses.ItemDone {
		t.Error("a draft counts as handed in")
	}
	must(tests.Submit(ctx, dana, a.ID))
	if i := item(); i.State != courses.ItemDone {
		t.Errorf("handed in, it is %s", i.State)
	}
}
