package assessments_test

import (
	"strings"
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/google/go-cmp/cmp"
)

func TestParseTranscript(t *testing.T) {
	t.Parallel()
	names := assessments.Names{Rep: "Dana Okafor", Buyer: "Martin Hale"}
	tests := []struct {
		name, text string
		want       []string // "r@start-end text"
		guessed    bool
	}{
		{"usual words", "Rep: Hello there.\nBuyer: Ten minutes.\nAnd no slides.\nRep: None.", []string{"r Hello there.", "b Ten minutes. And no slides.", "r None."}, false},
		{"words in capitals and a mark before", "REP: Hello.\nCUSTOMER: Yes?", []string{"r Hello.", "b Yes?"}, false},
		{"names", "Dana: Hello.\nMartin Hale: Yes?", []string{"r Hello.", "b Yes?"}, false},
		{"one known name settles the other", "Lena: Hello.\nMartin: Yes?", []string{"r Hello.", "b Yes?"}, false},
		{"unknown names: first is the rep", "Lena: Hello.\nTom: Yes?", []string{"r Hello.", "b Yes?"}, true},
		{"two buyers", "Rep: Hello.\nTom: Yes?\nJo: Who is it?", []string{"r Hello.", "b Yes?", "b Who is it?"}, true},
		{"times in brackets", "[00:12] Rep: Hello.\n[00:15] Buyer: Yes?", []string{"r@12000 Hello.", "b@15000 Yes?"}, false},
		{"times after the name", "Rep [1:00:02]: Hello.\nBuyer (1:00:05): Yes?", []string{"r@3602000 Hello.", "b@3605000 Yes?"}, false},
		{"times before, bare", "00:01 Rep: Hello.\n00:03 - Buyer: Yes?", []string{"r@1000 Hello.", "b@3000 Yes?"}, false},
		{"name and time on a line of their own", "Dana Okafor  0:01\nHello there.\n\nMartin Hale  0:04\nYes?\nGo on.", []string{"r@1000 Hello there.", "b@4000 Yes? Go on."}, false},
		{"a colon inside what was said", "Rep: I said this: it hears wear.\nBuyer: My rule is simple: no surprises.", []string{"r I said this: it hears wear.", "b My rule is simple: no surprises."}, false},
		{"a line that only looks like a label", "Rep: Look.\nthe point is: it stops.\nBuyer: Yes.", []string{"r Look. the point is: it stops.", "b Yes."}, false},
		{"carriage returns and a mark of order", "\uFEFFRep: Hello.\r\nBuyer: Yes?\r\n", []string{"r Hello.", "b Yes?"}, false},
		{"WebVTT with voices", "WEBVTT\n\nNOTE made by a machine\n\n1\n00:00:01.000 --> 00:00:03.500 align:start\n<v Dana Okafor>Hello <i>there</i>.</v>\n\n2\n00:00:04.000 --> 00:00:05.000\n<v Martin Hale>Yes?\n",
			[]string{"r@1000-3500 Hello there.", "b@4000-5000 Yes?"}, false},
		{"SRT with labels, a cue that goes on", "1\n00:00:01,000 --> 00:00:02,000\nRep: Hello\n\n2\n00:00:02,000 --> 00:00:03,250\nthere.\n\n3\n00:00:04,000 --> 00:00:05,000\nBuyer: Yes?",
			[]string{"r@1000-3250 Hello there.", "b@4000-5000 Yes?"}, false},
		{"words before the first label", "Good morning.\nRep: Good morning.", []string{"b Good morning.", "r Good morning."}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := assessments.ParseTranscript(tt.text, names)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, brief(p.Turns)); diff != "" {
				t.Errorf("turns (-want +got):\n%s", diff)
			}
			if p.Guessed != tt.guessed {
				t.Errorf("Guessed = %v, want %v", p.Guessed, tt.guessed)
			}
		})
	}
}

func brief(turns []assessments.Turn) []string {
	var out []string
	for _, t := range turns {
		s := string(t.Speaker[0])
		if t.StartMS != nil {
			s += "@" + itoa(*t.StartMS)
		}
		if t.EndMS != nil {
			s += "-" + itoa(*t.EndMS)
		}
		out = append(out, s+" "+t.Text)
	}
	return out
}

func TestParseTranscriptRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, says string }{
		{"nothing", " \n ", "nothing here yet"},
		{"no speakers", "Hello there.\n\nTen minutes.\n\nNone.", "No line says who is speaking"},
		{"subtitles without speakers", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n", "No line says who is speaking"},
		{"too long", "Rep: " + strings.Repeat("a", assessments.MaxTranscriptBytes), "at most 200 KB"},
		{"many short lines without speakers", strings.Repeat("a\n", 100_000), "No line says who is speaking"},
		{"too many turns", strings.Repeat("Rep: a\nBuyer: b\n", 1001), "at most 2000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := assessments.ParseTranscript(tt.text, assessments.Names{})
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.FieldsOf(err)["text"], tt.says) {
				t.Errorf("ParseTranscript = %v, want Invalid on text saying %q", err, tt.says)
			}
		})
	}
}

func TestAlternate(t *testing.T) {
	t.Parallel()
	turns, err := assessments.Alternate("Hello\nthere.\n\nTen minutes.\n\nNone.", assessments.Buyer)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b Hello there.", "r Ten minutes.", "b None."}, brief(turns)); diff != "" {
		t.Errorf("paragraphs (-want +got):\n%s", diff)
	}
	turns, err = assessments.Alternate("Hello.\nYes?", assessments.Rep)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"r Hello.", "b Yes?"}, brief(turns)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestPlainTextReadsBack(t *testing.T) {
	t.Parallel()
	at := 12000
	turns := []assessments.Turn{{Seq: 1, Speaker: assessments.Buyer, StartMS: &at, Text: "Who is it?"}, {Seq: 2, Speaker: assessments.Rep, Text: "Dana: from Fernhill."}}
	p, err := assessments.ParseTranscript(assessments.PlainText(turns), assessments.Names{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(turns, p.Turns); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseTranscript(f *testing.F) {
	f.Add("Rep: Hello.\nBuyer: Yes?")
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hello.")
	f.Add("1\n00:00:02,000 --> 00:00:01,000\nRep: Hello")
	f.Add("[99:99:99] Rep: \x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := assessments.ParseTranscript(text, assessments.Names{Rep: "Dana"})
		if err == nil && len(p.Turns) == 0 {
			t.Error("no error and no turns")
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("a defect: %v", err)
		}
	})
}
