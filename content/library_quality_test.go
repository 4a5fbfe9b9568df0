package content_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"pitchside/content"

	"github.com/PuerkitoBio/goquery"
)

// What the built-in library asks of itself beyond the lint of any library.
const (
	easiest       = 60.0 // Flesch reading ease: below it, working adults read it twice
	longestWords  = 120  // of a paragraph
	fewestWords   = 800  // of a lesson, its checks included
	mostWords     = 2000
	sharedWords   = 12 // in a row, which no two lessons have
	bankSize      = 25
	fewestCards   = 8
	mostCards     = 12
	fewestKinds   = 4 // of questions in a bank
	longestIsMost = .5
)

// lessonText is what a lesson says, by the kind of its passages.
type lessonText struct {
	doc        *goquery.Document
	paragraphs []string
}

func textOf(t *testing.T, l *content.Lesson) lessonText {
	t.Helper()
	var b strings.Builder
	for _, block := range l.Blocks {
		if block.Question == nil {
			b.WriteString(string(block.HTML))
		}
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	x := lessonText{doc: doc}
	doc.Find("p, li").Each(func(_ int, s *goquery.Selection) {
		if s.Find("p, li").Length() == 0 {
			x.paragraphs = append(x.paragraphs, s.Text())
		}
	})
	return x
}

// builtIn returns the documents of the built-in library.
func builtIn(t *testing.T) []*content.Document {
	t.Helper()
	var docs []*content.Document
	err := fs.WalkDir(content.Library, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		id, ours, _ := content.Identify(file)
		if !ours {
			return fmt.Errorf("%s belongs to no library", file)
		}
		body, err := fs.ReadFile(content.Library, file)
		docs = append(docs, content.Read(id, body))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// Lessons are written for people who read between two calls.
func TestLessonsReadEasily(t *testing.T) {
	t.Parallel()
	for _, d := range builtIn(t) {
		if d.Lesson == nil {
			continue
		}
		x := textOf(t, d.Lesson)
		all := strings.Join(x.paragraphs, "\n")
		if ease := readingEase(all); ease < easiest {
			t.Errorf("%s: reading ease %.0f, want %.0f or more: shorter sentences, shorter words", d.Path, ease, easiest)
		}
		for _, p := range x.paragraphs {
			if n := len(strings.Fields(p)); n > longestWords {
				t.Errorf("%s: a paragraph of %d words, %d at most: %.60s…", d.Path, n, longestWords, p)
			}
		}
		words := len(strings.Fields(all))
		for _, q := range d.Lesson.Questions {
			words += len(strings.Fields(q.Text + " " + q.Explanation))
			for _, o := range q.Options {
				words += len(strings.Fields(o.Text + " " + o.Feedback))
			}
		}
		if words < fewestWords || words > mostWords {
			t.Errorf("%s: %d words, want %d to %d", d.Path, words, fewestWords, mostWords)
		}
		if d.Lesson.Minutes < 6 || d.Lesson.Minutes > 12 {
			t.Errorf("%s: %d minutes, want 6 to 12", d.Path, d.Lesson.Minutes)
		}
	}
}

// Every lesson shows how and how not, asks, sends into the field, and says
// what it rests on.
func TestLessonsAreWhole(t *testing.T) {
	t.Parallel()
	for _, d := range builtIn(t) {
		if d.Lesson == nil {
			continue
		}
		x := textOf(t, d.Lesson)
		for what, mark := range map[string]string{"good example": "> [!dialogue good]", "poor example": "> [!dialogue poor]", "field task": "> [!field]", "word on its evidence": "> [!evidence]"} {
			if !strings.Contains(string(d.Source), mark) {
				t.Errorf("%s has no %s", d.Path, what)
			}
		}
		if !labelled.Match(d.Source) {
			t.Errorf("%s labels no claim from [A] to [M]", d.Path)
		}
		if !strings.Contains(strings.ToLower(x.doc.Find("h2").Last().Text()), "sources") {
			t.Errorf("%s does not end with its sources", d.Path)
		}
		if len(d.Lesson.Questions) < 2 {
			t.Errorf("%s has %d checks, want two or more", d.Path, len(d.Lesson.Questions))
		}
		for _, q := range d.Lesson.Questions {
			explained(t, d.Path, q)
		}
	}
}

var labelled = regexp.MustCompile(`\[[ABCM]\]`)

// explained says whether every option of a choice has feedback.
func explained(t *testing.T, file string, q *content.Question) {
	t.Helper()
	if q.Kind != content.Single && q.Kind != content.Multiple {
		return
	}
	for _, o := range q.Options {
		if o.Feedback == "" {
			t.Errorf("%s: %s has an option without feedback: %s", file, q.ID, o.Text)
		}
	}
}

// Every course has a bank to draw from, cards to keep, and no bank is passed
// by always taking the longest answer.
func TestCoursesAreWhole(t *testing.T) {
	t.Parallel()
	has := map[string]map[content.Kind]bool{}
	for _, d := range builtIn(t) {
		course, _, _ := strings.Cut(d.Slug, ".")
		switch {
		case d.Course != nil, d.Lesson != nil, d.Quiz != nil, d.Kind == content.KindCards:
			if has[course] == nil {
				has[course] = map[content.Kind]bool{}
			}
			has[course][d.Kind] = true
		}
		if d.Course != nil && (len(d.Course.Outcomes) == 0 || len(d.Course.Skills) == 0 || !strings.Contains(d.Course.Attribution, "affiliated")) {
			t.Errorf("%s lacks outcomes, skills or the word that it is not affiliated", d.Path)
		}
		if n := len(d.Cards); d.Kind == content.KindCards && (n < fewestCards || n > mostCards) {
			t.Errorf("%s has %d cards, want %d to %d", d.Path, n, fewestCards, mostCards)
		}
		if d.Quiz == nil {
			continue
		}
		kinds, longest, singles := map[content.QuestionKind]bool{}, 0, 0
		for _, q := range d.Quiz.Questions {
			kinds[q.Kind] = true
			explained(t, d.Path, q)
			if q.Skill == "" {
				t.Errorf("%s: %s names no skill", d.Path, q.ID)
			}
			if q.Kind == content.Single {
				singles++
				if longestIsRight(q) {
					longest++
				}
			}
		}
		if len(d.Quiz.Questions) < bankSize || len(kinds) < fewestKinds || d.Quiz.Draw == 0 {
			t.Errorf("%s: %d items of %d kinds, drawing %d; want %d of %d kinds and a draw", d.Path, len(d.Quiz.Questions), len(kinds), d.Quiz.Draw, bankSize, fewestKinds)
		}
		if float64(longest) > longestIsMost*float64(singles) {
			t.Errorf("%s: the longest answer is right in %d of %d choices", d.Path, longest, singles)
		}
	}
	for course, kinds := range has {
		if len(kinds) != 4 {
			t.Errorf("the course %s is not whole: %v", course, kinds)
		}
	}
}

func longestIsRight(q *content.Question) bool {
	best, right := 0, false
	for _, o := range q.Options {
		if len(o.Text) > best {
			best, right = len(o.Text), o.Correct
		}
	}
	return right
}

var source = regexp.MustCompile(`\b(1[89]|20)\d\d\b|Written for Pitchside`)

var letters = regexp.MustCompile(`[\p{L}\p{N}]+(?:['’][\p{L}]+)*`)

// No two lessons say the same twelve words in a row.
func TestLessonsShareNoPassage(t *testing.T) {
	t.Parallel()
	first := map[string]string{}
	for _, d := range builtIn(t) {
		if d.Lesson == nil {
			continue
		}
		x := textOf(t, d.Lesson)
		told := false
		for _, p := range x.paragraphs {
			if source.MatchString(p) {
				continue // two lessons may rest on one study
			}
			words := letters.FindAllString(strings.ToLower(p), -1)
			for i := 0; i+sharedWords <= len(words); i++ {
				passage := strings.Join(words[i:i+sharedWords], " ")
				if other := first[passage]; other != "" && other != d.Path && !told {
					t.Errorf("%s and %s share a passage: %s", other, d.Path, passage)
					told = true
				}
				first[passage] = d.Path
			}
		}
	}
}

// Every scenario can be played, won and lost: the lint plays each script in
// every way; here stands that there is one.
func TestScenariosCanBePlayed(t *testing.T) {
	t.Parallel()
	for _, d := range builtIn(t) {
		if d.Scenario == nil {
			continue
		}
		if d.Scenario.Beats == nil || len(d.Scenario.Beats.Beats) < 15 {
			t.Errorf("%s has no text buyer of fifteen beats", d.Path)
		}
	}
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?…:]+(?:[\s”"’)]|$)|\n`)
	vowels      = regexp.MustCompile(`[aeiouy]+`)
)

// readingEase is Flesch's: 206.835 − 1.015·words/sentences −
// 84.6·syllables/words (R. Flesch, 1948). Syllables are counted by groups of
// vowels, a silent e at the end left out.
func readingEase(text string) float64 {
	words := letters.FindAllString(strings.ToLower(text), -1)
	sentences, syllables := 0, 0
	for _, s := range sentenceEnd.Split(text, -1) {
		if letters.MatchString(s) {
			sentences++
		}
	}
	for _, w := range words {
		n := len(vowels.FindAllString(w, -1))
		if strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") && n > 1 {
			n--
		}
		if strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "ted") && !strings.HasSuffix(w, "ded") && n > 1 {
			n--
		}
		syllables += max(1, n)
	}
	if sentences == 0 || len(words) == 0 {
		return 100
	}
	return 206.835 - 1.015*float64(len(words))/float64(sentences) - 84.6*float64(syllables)/float64(len(words))
}
