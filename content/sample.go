package content

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"pitchside/content/source"
	"pitchside/internal/fault"
)

// A Sample is a conversation at a scenario, with a level for each criterion of
// the rubric and the reason for it: something to calibrate coaches on before
// there are conversations of their own. Samples come with the program and are
// not documents of the library: nobody learns from them or changes them.
type Sample struct {
	Slug     string
	Title    string
	Scenario string // slug
	Rubric   string // slug
	Summary  string
	Turns    []SampleTurn
	Scores   []SampleScore // one for each criterion, in the order of the rubric
}

// A SampleTurn is what one side said before the other spoke.
type SampleTurn struct {
	Rep     bool
	Speaker string // as it is written: Rep, or the buyer's name
	StartMS int
	Text    string
}

// Clock returns the turn's start as mm:ss.
func (t SampleTurn) Clock() string {
	return fmt.Sprintf("%02d:%02d", t.StartMS/60_000, t.StartMS/1000%60)
}

// A SampleScore is the level of one criterion, the words that show it, and why
// it is neither the level below nor the one above.
type SampleScore struct {
	Criterion string
	Level     int
	Quote     string
	StartMS   int // of the turn that holds the quote
	Reason    string
}

// Words counts what was said.
func (s *Sample) Words() int {
	n := 0
	for _, t := range s.Turns {
		n += len(strings.Fields(t.Text))
	}
	return n
}

//go:embed samples
var sampleFiles embed.FS

// Samples are the conversations to calibrate on, by slug.
var Samples = sync.OnceValues(func() ([]*Sample, error) {
	find, err := builtInDocuments()
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(sampleFiles, "samples/*.md")
	if err != nil {
		return nil, err
	}
	var all []*Sample
	for _, file := range files {
		body, err := sampleFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s, problems := readSample(file, body, find)
		for _, p := range problems {
			if p.Severity == source.Error {
				return nil, fmt.Errorf("%s:%d: %s", p.File, p.Line, p.Cause)
			}
		}
		all = append(all, s)
	}
	return all, nil
})

// SampleNamed returns a sample by its slug, or NotFound.
func SampleNamed(slug string) (*Sample, error) {
	all, err := Samples()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Slug == slug {
			return s, nil
		}
	}
	return nil, fault.NotFoundf("There is no sample %q. The list of samples names those that there are.", slug)
}

// LintSample reads a sample against the built-in library and returns what is
// wrong with it.
func LintSample(file string, body []byte) (*Sample, []Problem, error) {
	find, err := builtInDocuments()
	if err != nil {
		return nil, nil, err
	}
	s, problems := readSample(file, body, find)
	return s, problems, nil
}

var sampleLine = regexp.MustCompile(`^\[(\d\d):([0-5]\d)\] ([^:]{1,40}): (\S.*)$`)

func readSample(file string, body []byte, find finder) (*Sample, []Problem) {
	s := &Sample{Slug: strings.TrimSuffix(path.Base(file), path.Ext(file))}
	notes := &source.Notes{File: file}
	text, ok := source.Read(body)
	front, said, matter := text.Matter()
	if !ok || !matter {
		notes.Error(source.Place{}, "The file does not begin with its front matter, or is not text in UTF-8.", "Begin with a line of three dashes, then the keys, then three dashes again.")
		return s, notes.Problems
	}
	s.turns(said, notes)
	if v := source.Parse(front, notes); v != nil {
		s.matter(v.Fields(), find, notes)
	}
	source.Sort(notes.Problems)
	return s, notes.Problems
}

// turns reads the lines of the conversation, each with its time and speaker.
func (s *Sample) turns(said source.Text, notes *source.Notes) {
	buyer := ""
	for i, line := range said.Lines {
		at := source.Place{Line: said.First + i}
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			notes.Error(at, "This line is not a turn of the conversation.", "Write [00:12] Rep: and the words, each turn on one line.")
			continue
		}
		minutes, _ := strconv.Atoi(m[1])
		seconds, _ := strconv.Atoi(m[2])
		t := SampleTurn{Rep: m[3] == "Rep", Speaker: m[3], StartMS: 1000 * (60*minutes + seconds), Text: m[4]}
		if n := len(s.Turns); n > 0 && t.StartMS <= s.Turns[n-1].StartMS {
			notes.Error(at, "This turn begins no later than the one before.", "Correct the time.")
		}
		if n := len(s.Turns); n > 0 && t.Speaker == s.Turns[n-1].Speaker {
			notes.Error(at, fmt.Sprintf("%s speaks twice in a row.", t.Speaker), "Put the two turns together.")
		}
		if !t.Rep && buyer == "" {
			buyer = t.Speaker
		}
		if !t.Rep && t.Speaker != buyer {
			notes.Error(at, fmt.Sprintf("“%s” is neither Rep nor %s.", t.Speaker, buyer), "Write the two speakers the same way throughout.")
		}
		s.Turns = append(s.Turns, t)
	}
}

func (s *Sample) matter(f *source.Fields, find finder, notes *source.Notes) {
	s.Title = f.NeedText("title", "Give the sample a title.")
	s.Summary = f.NeedText("summary", "Say in a sentence or two what happens, and what the flaw is.")
	var rubric *Rubric
	if v := f.Need("rubric", "Name the rubric that it is scored with: rubric: spi"); v != nil {
		s.Rubric = v.Text()
		if d := find(KindRubric, s.Rubric); d != nil {
			rubric = d.Rubric
		} else {
			v.Error(fmt.Sprintf("There is no rubric “%s”.", s.Rubric), "Correct the slug.")
		}
	}
	if v := f.Need("scenario", "Name the scenario that it is a conversation at."); v != nil {
		s.Scenario = v.Text()
		if d := find(KindScenario, s.Scenario); d == nil {
			v.Error(fmt.Sprintf("There is no scenario “%s”.", s.Scenario), "Correct the slug.")
		} else if d.Scenario != nil && d.Scenario.Rubric != s.Rubric {
			v.Error(fmt.Sprintf("The scenario is scored with the rubric “%s”.", d.Scenario.Rubric), "Name that rubric.")
		}
	}
	given := map[string]SampleScore{}
	if list := f.Need("scores", "List a score for each criterion: scores: with criterion, level, quote and reason each."); list != nil {
		for _, item := range list.List() {
			one := s.score(item, rubric)
			if _, twice := given[one.Criterion]; twice {
				item.Error(fmt.Sprintf("There are two scores for “%s”.", one.Criterion), "Keep one of them.")
			}
			given[one.Criterion] = one
		}
	}
	f.Close()
	if rubric == nil {
		return
	}
	for _, c := range rubric.Criteria {
		one, ok := given[c.ID]
		if !ok {
			f.Error(fmt.Sprintf("There is no score for “%s”.", c.ID), "Score every criterion of the rubric.")
		}
		s.Scores = append(s.Scores, one)
	}
}

func (s *Sample) score(item *source.Value, rubric *Rubric) SampleScore {
	f := item.Fields()
	one := SampleScore{
		Criterion: f.NeedText("criterion", "Name the criterion."),
		Level:     f.Count("level", 0),
		Quote:     f.NeedText("quote", "Quote the words that show the level, as they stand in the transcript."),
		Reason:    f.NeedText("reason", "Say why it is this level, and neither the one below nor the one above."),
	}
	if one.Level < 1 || one.Level > levels {
		item.Error("The level is outside 1 to 5.", "Write a level from 1 to 5.")
	}
	if rubric != nil {
		if _, ok := rubric.Criterion(one.Criterion); !ok {
			item.Error(fmt.Sprintf("The rubric has no criterion “%s”.", one.Criterion), "Correct the id.")
		}
	}
	found := false
	for _, t := range s.Turns {
		if one.Quote != "" && t.Rep && strings.Contains(t.Text, one.Quote) {
			one.StartMS, found = t.StartMS, true
			break
		}
	}
	if !found && one.Quote != "" {
		item.Error("The quote is not in what the rep says.", "Copy it from one of the rep’s turns, letter by letter.")
	}
	f.Close()
	return one
}
