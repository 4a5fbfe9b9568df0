package assessments

import (
	"fmt"
	"regexp"
	"strings"

	"pitchside/internal/fault"
)

var emptyLine = regexp.MustCompile(`\n[ \t]*\n\s*`)

// JoinTurns puts a turn and the one after it together, under the first's
// speaker.
func JoinTurns(turns []Turn, seq int) ([]Turn, error) {
	if seq < 1 || seq >= len(turns) {
		return nil, fault.Field("turns", fmt.Sprintf("There is no turn after turn %d to join it with. Reload the page to see what is saved.", seq))
	}
	one, next := turns[seq-1], turns[seq]
	one.Text = strings.TrimSpace(one.Text) + " " + strings.TrimSpace(next.Text)
	if one.StartMS != nil {
		one.EndMS = next.EndMS
	}
	out := append([]Turn{}, turns[:seq-1]...)
	return append(append(out, one), turns[seq+1:]...), nil
}

// SplitTurn makes two or more turns of one: words is its text with an empty line
// where another side begins to speak. The sides alternate, and a time in the
// middle is put where its share of the words is.
func SplitTurn(turns []Turn, seq int, words string) ([]Turn, error) {
	if seq < 1 || seq > len(turns) {
		return nil, fault.Field("turns", fmt.Sprintf("There is no turn %d. Reload the page to see what is saved.", seq))
	}
	var parts []string
	total := 0
	for _, p := range emptyLine.Split(clean(words), -1) {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			parts = append(parts, p)
			total += len(p)
		}
	}
	if len(parts) < 2 {
		return nil, fault.Field(fmt.Sprintf("words_%d", seq), "Put an empty line where the other side begins to speak, then split.")
	}
	whole := turns[seq-1]
	out := append([]Turn{}, turns[:seq-1]...)
	side, said := whole.Speaker, 0
	at := whole.StartMS
	for _, p := range parts {
		said += len(p)
		t := Turn{Speaker: side, Text: p, StartMS: at}
		if whole.StartMS != nil && whole.EndMS != nil {
			end := *whole.StartMS + int(int64(*whole.EndMS-*whole.StartMS)*int64(said)/int64(total))
			t.EndMS, at = &end, &end
		} else {
			at = nil
		}
		out = append(out, t)
		side = side.Other()
	}
	return append(out, turns[seq:]...), nil
}
