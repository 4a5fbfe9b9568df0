package assessments_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pitchside/assessments"
	"pitchside/internal/fault"
)

var pastes = []string{
	"Rep: What stops the line?\nBuyer: Changeovers, mostly.\nRep: And then?",
	"[00:12] Dana Okafor: Good morning.\n[00:15] Martin Calder: You’ve got ten minutes.",
	"Dana Okafor  0:12\nGood morning.\n\nMartin Calder  0:15\nTen minutes.\n\nSam Reed  1:02:03\nI only listen.",
	"WEBVTT\n\nNOTE made by hand\n\n1\n00:00:01.000 --> 00:00:03.500\n<v Dana>Good <b>morning</b>.</v>\n\n00:04.000 --> 00:06.000\n<v.loud Martin>Ten minutes.",
	"1\n00:00:01,000 --> 00:00:03,500\nREP: Good morning.\n\n2\n00:00:04,000 --> 00:00:06,000\nBUYER: Ten minutes.\nNot more.",
	"\uFEFFRep : one\r\nBuyer:\ttwo\rRep:", "Hello.\n\nNobody is named here.", "Note: this is not a speaker, said nobody: ever", "Rep: \x00\xff", ":", "00:00 --> 00:00", "",
}

// FuzzTranscript reads anything as a transcript: it is refused in words, or
// every turn has a side, words and times in their order, and what is written
// again from it reads the same.
func FuzzTranscript(f *testing.F) {
	for _, p := range pastes {
		f.Add(p)
	}
	names := assessments.Names{Rep: "Dana Okafor", Buyer: "Martin Calder"}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := assessments.ParseTranscript(text, names)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if len(p.Turns) == 0 || len(p.Turns) > assessments.MaxTranscriptTurns {
			t.Fatalf("%d turns", len(p.Turns))
		}
		for i, turn := range p.Turns {
			switch {
			case turn.Speaker != assessments.Rep && turn.Speaker != assessments.Buyer, strings.TrimSpace(turn.Text) == "", !utf8.ValidString(turn.Text), strings.ContainsRune(turn.Text, 0), turn.Seq != i+1,
				turn.StartMS != nil && *turn.StartMS < 0, turn.EndMS != nil && (turn.StartMS == nil || *turn.EndMS < *turn.StartMS):
				t.Fatalf("turn %d is %+v", i, turn)
			}
		}
		again, err := assessments.ParseTranscript(assessments.PlainText(p.Turns), names)
		if err != nil || len(again.Turns) != len(p.Turns) {
			t.Fatalf("%d turns are read again as %d: %v", len(p.Turns), len(again.Turns), err)
		}
	})
}

// FuzzSplit splits and joins turns: no word is lost, and times stay in order.
func FuzzSplit(f *testing.F) {
	f.Add("What stops the line?\n\nChangeovers.", 0, 4000)
	f.Add("one", 5, 5)
	f.Add("\n\n \n", 0, 0)
	f.Add("a\n\nb\n \nc", 10, 11)
	f.Fuzz(func(t *testing.T, words string, from, to int) {
		if from < 0 || to < from || to > 24*3600*1000 {
			return
		}
		whole := []assessments.Turn{{Seq: 1, Speaker: assessments.Rep, StartMS: &from, EndMS: &to, Text: words}}
		parts, err := assessments.SplitTurn(whole, 1, words)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		last, said := from, ""
		for i, p := range parts {
			if *p.StartMS < last || *p.EndMS < *p.StartMS || i > 0 && p.Speaker == parts[i-1].Speaker {
				t.Fatalf("part %d is %+v", i, p)
			}
			last, said = *p.EndMS, said+" "+p.Text
		}
		if last != to {
			t.Fatalf("ends at %d, not at %d", last, to)
		}
		joined := parts
		for len(joined) > 1 {
			if joined, err = assessments.JoinTurns(joined, 1); err != nil {
				t.Fatal(err)
			}
		}
		if joined[0].Text != strings.TrimSpace(said) || *joined[0].EndMS != to {
			t.Fatalf("joined again: %+v", joined[0])
		}
	})
}
