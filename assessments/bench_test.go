package assessments_test

import (
	"testing"
	"testing/fstest"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A draft of the rubric is tried by two coaches: their sheets are by its
// criteria, the attempt keeps its own.
func TestBench(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.consented()
	author := s.person("Jo Weber", people.Author)
	draft := "title: SPI, tried\ncriteria:\n  - {id: implication, skill: question, weight: 70, anchors: [a, b, c, d, e]}\n  - {id: silence, skill: listen, weight: 30, anchors: [a, b, c, d, e]}\n"
	if in, err := s.Content.Import(s.ctx, people.Operator, fstest.MapFS{"rubrics/spi.yaml": &fstest.MapFile{Data: []byte(draft)}}, false); err != nil || len(in.Problems) > 0 {
		t.Fatalf("%v %v", err, in.Problems)
	}
	in := assessments.NewCalibration{Scenario: scenario, AttemptIDs: []int64{id}, CoachIDs: []int64{s.ana.ID, s.elsewhere.ID}, Due: s.Now().AddDate(0, 0, 7), Rubric: 9}
	if _, err := s.OpenCalibration(s.ctx, author, in); fault.FieldsOf(err)["rubric_version"] == "" {
		t.Errorf("a version that is not there: %v", err)
	}
	sample, err := s.BenchSample(s.ctx, author, scenario)
	s.must(err)
	if len(sample) != 1 || sample[0].Person == s.dana.Name {
		t.Errorf("the author is offered %+v, want it without the name", sample)
	}
	if none, _ := s.BenchSample(s.ctx, s.dana, scenario); len(none) != 0 {
		t.Error("a rep is offered role-plays")
	}
	in.Rubric = 2
	round, err := s.OpenCalibration(s.ctx, author, in)
	s.must(err)
	if _, err := s.Attempt(s.ctx, author, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the author reads the role-play: %v", err)
	}
	four, two := 4, 2
	for by, level := range map[*people.Actor]*int{&s.ana: &four, &s.elsewhere: &two} {
		_, _, err := s.SaveSheet(s.ctx, *by, id, by.ID, assessments.SheetInput{Scores: []assessments.Score{
			{Criterion: "implication", Level: level, Quote: "q"}, {Criterion: "silence", Level: &four, Quote: "q"}}}, nil)
		s.must(err)
	}
	r, err := s.Reveal(s.ctx, author, round.ID)
	s.must(err)
	if len(r.Criteria) != 2 || r.Criteria[0].ID != "implication" || r.Criteria[0].Gap != 2 || r.Rubric.Title != "SPI, tried" {
		t.Errorf("the trial: %+v", r.Criteria)
	}
	if row := r.Criteria[0].Rows[0].Attempt; row.Person == s.dana.Name || row.PersonID != 0 {
		t.Errorf("the author reads who made the role-play: %+v", row)
	}
	if raters, err := s.Reveal(s.ctx, s.ana, round.ID); err != nil || raters.Attempts[0].Person != s.dana.Name {
		t.Errorf("a coach of the trial reads %+v, %v", raters.Attempts, err)
	}
	bench, err := s.Bench(s.ctx, author, "spi")
	s.must(err)
	if len(bench) != 1 || bench[0].ID != round.ID {
		t.Errorf("the bench holds %+v", bench)
	}
	if own, _ := s.Strictnesses(s.ctx, s.ana); len(own) != 0 {
		t.Error("a trial counts towards strictness")
	}
	a, err := s.Attempt(s.ctx, s.ana, id)
	s.must(err)
	sc, err := s.Pinned(s.ctx, a)
	s.must(err)
	if sc.RubricNumber != 1 || len(sc.Rubric.Criteria) != 6 {
		t.Errorf("the attempt is now scored by version %d", sc.RubricNumber)
	}
}

// A scenario that wants two graders asks two coaches, and both keep it in their
// queue until they have released.
func TestGraders(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	text := "---\ntitle: Two eyes\nrubric: spi\ngraders: 2\n---\n## Brief\nB.\n## Buyer\nC.\n"
	if in, err := s.Content.Import(s.ctx, people.Operator, fstest.MapFS{"scenarios/two-eyes.md": &fstest.MapFile{Data: []byte(text)}}, true); err != nil || content.Failed(in.Problems) {
		t.Fatalf("%v %v", err, in.Problems)
	}
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, "two-eyes", assessments.FormTranscript)
	s.must(err)
	_, err = s.SaveTranscript(s.ctx, s.dana, a.ID, call(), nil)
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	asked, err := s.Scorers(s.ctx, s.dana, a.ID)
	s.must(err)
	if len(asked) != 2 || asked[0].Role != "grader" || asked[0].PersonID+asked[1].PersonID != s.ana.ID+s.ben.ID {
		t.Fatalf("asked: %+v", asked)
	}
	s.scoredBy(s.ana, a.ID, 3, 3, 3, 3, 3, 3)
	queue, err := s.Queue(s.ctx, s.ben, nil, 10)
	s.must(err)
	if len(queue) != 1 || queue[0].Why != "grader" {
		t.Errorf("the second grader's queue: %+v", queue)
	}
	if blind, _ := s.Sheets(s.ctx, s.ben, a.ID); len(blind) != 0 {
		t.Error("the second grader reads the first sheet")
	}
	s.scoredBy(s.ben, a.ID, 3, 3, 3, 3, 3, 3)
	if left, _ := s.Queue(s.ctx, s.ben, nil, 10); len(left) != 0 {
		t.Errorf("after both: %+v", left)
	}
}
