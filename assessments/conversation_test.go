package assessments_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"pitchside/assessments"

	"github.com/google/go-cmp/cmp"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestMeasuredWorkedExample(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/conversation_metrics_toy.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Input struct {
			Segments []struct {
				Speaker    assessments.Speaker
				Start, End float64
				Text       string
			}
		}
		Expected struct {
			RepTalk    float64        `json:"rep_talk_s"`
			BuyerTalk  float64        `json:"buyer_talk_s"`
			Ratio      float64        `json:"talk_ratio"`
			OfCall     float64        `json:"talk_ratio_of_call_duration"`
			LongestRep float64        `json:"longest_rep_monologue_s"`
			LongestBuy float64        `json:"longest_buyer_turn_s"`
			Turns      int            `json:"turns"`
			Switches   int            `json:"speaker_switches"`
			PerMin     float64        `json:"switches_per_min"`
			Patience   []float64      `json:"patience_s"`
			Median     float64        `json:"patience_median_s"`
			RepQ       int            `json:"rep_questions"`
			RepQHour   float64        `json:"rep_questions_per_hour"`
			BuyerQ     int            `json:"buyer_questions"`
			RepWords   int            `json:"rep_words"`
			Fillers    map[string]int `json:"fillers"`
			Per100     float64        `json:"fillers_per_100_words"`
		}
		Tolerance float64
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	var turns []assessments.Turn
	for _, s := range v.Input.Segments {
		start, end := int(math.Round(1000*s.Start)), int(math.Round(1000*s.End))
		turns = append(turns, assessments.Turn{Speaker: s.Speaker, StartMS: &start, EndMS: &end, Text: s.Text})
	}
	m := assessments.Measured(turns)
	median, enough := m.PatienceMedian()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"rep talk", m.RepTalkS, v.Expected.RepTalk}, {"buyer talk", m.BuyerTalkS, v.Expected.BuyerTalk},
		{"talk share", m.TalkShare, v.Expected.Ratio}, {"share of the call", m.ShareOfCallTime, v.Expected.OfCall},
		{"longest of the rep", m.LongestRepS, v.Expected.LongestRep}, {"longest of the buyer", m.LongestBuyerS, v.Expected.LongestBuy},
		{"switches a minute", m.SwitchesPerMin, v.Expected.PerMin}, {"patience", median, v.Expected.Median},
		{"questions an hour", m.QuestionsPerHr, v.Expected.RepQHour}, {"fillers", m.FillersPer100, v.Expected.Per100},
	} {
		if math.Abs(c.got-c.want) > v.Tolerance {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	want := []int{v.Expected.Turns, v.Expected.Switches, v.Expected.RepQ, v.Expected.BuyerQ, v.Expected.RepWords}
	if diff := cmp.Diff(want, []int{m.Turns, m.Switches, len(m.RepQuestions), m.BuyerQuestions, m.RepWords}); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(v.Expected.Fillers, m.Fillers); diff != "" {
		t.Errorf("fillers (-want +got):\n%s", diff)
	}
	if enough {
		t.Error("three handovers are enough to state patience; want five")
	}
}

func TestMeasuredWithoutTimes(t *testing.T) {
	t.Parallel()
	m := assessments.Measured([]assessments.Turn{
		{Speaker: assessments.Rep, Text: "One two three?"}, {Speaker: assessments.Rep, Text: "Four. Five!"}, {Speaker: assessments.Buyer, Text: "Six seven eight nine ten."}})
	if m.Timed || m.TalkShare != 0.5 || m.Turns != 2 || m.Switches != 1 || len(m.RepQuestions) != 1 {
		t.Errorf("Measured = %+v", m)
	}
}

// Rule R14: what is too short to measure is not shown, and says what is missing.
func TestCounted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		m     assessments.Measure
		state string
	}{
		{"just too short", assessments.Measure{Timed: true, CallMinutes: 4.9, RepWords: 500}, "hidden"},
		{"just long enough", assessments.Measure{Timed: true, CallMinutes: 5, RepWords: 200}, "shown"},
		{"a word short", assessments.Measure{Timed: true, CallMinutes: 30, RepWords: 199}, "hidden"},
		{"no times, words enough", assessments.Measure{RepWords: 200}, "shown"},
	} {
		c := assessments.Counted(tt.m)
		if c.State != tt.state || (c.State == "hidden") != (c.Reason != "" && c.TalkShare == nil) {
			t.Errorf("%s: %+v, want %s", tt.name, c, tt.state)
		}
		if !tt.m.Timed && c.LongestMonologueS != nil {
			t.Errorf("%s: seconds without times", tt.name)
		}
	}
	four := assessments.Measure{Timed: true, CallMinutes: 6, RepWords: 300, Patience: []float64{1, 2, 3, 4}}
	if c := assessments.Counted(four); c.PatienceS != nil {
		t.Error("patience from four handovers, want five")
	}
	four.Patience = append(four.Patience, 5)
	if c := assessments.Counted(four); c.PatienceS == nil || *c.PatienceS != 3 {
		t.Errorf("patience = %v, want 3", c.PatienceS)
	}
}
