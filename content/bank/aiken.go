package bank

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	aikenOption = regexp.MustCompile(`^\s*([A-Z])[.)]\s*(.*)$`)
	aikenAnswer = regexp.MustCompile(`^\s*ANSWER\s*:\s*(.*?)\s*$`)
)

// aiken reads the Aiken format: the question, its options as "A. " or "A) ",
// and a line "ANSWER: A".
func (r *reader) aiken(lines []string) {
	var text []string
	var options []option
	first := 0
	end := func() { text, options, first = nil, nil, 0 }
	for i, line := range lines {
		n := i + 1
		switch m, a := aikenOption.FindStringSubmatch(line), aikenAnswer.FindStringSubmatch(line); {
		case a != nil:
			r.aikenQuestion(first, n, text, options, a[1])
			end()
		case m != nil && first != 0:
			if want := string(rune('A' + len(options))); m[1] != want {
				r.warn(n, 1, fmt.Sprintf("This option is marked %s where %s would follow.", m[1], want), "Mark the options A, B, C and so on; it is read as "+want+".")
			}
			options = append(options, option{text: r.plain(m[2], n, 1, false)})
		case strings.TrimSpace(line) == "":
			if len(options) > 0 {
				r.skip(first, 1, "The question has options but no line ANSWER.", "Add a line such as ANSWER: A straight after the options.")
				end()
			} else if first != 0 {
				r.skip(first, 1, "The question has no options.", "Write the options below it, each as “A. text”.")
				end()
			}
		case len(options) > 0:
			r.skip(first, 1, fmt.Sprintf("Line %d is neither an option nor the answer.", n), "Write an option in one line, marked with a capital letter and a full stop or bracket.")
			end()
		default:
			if first == 0 {
				first = n
			}
			text = append(text, line)
		}
	}
	if first != 0 {
		r.skip(first, 1, "The file ends before the question has a line ANSWER.", "Add the options and a line such as ANSWER: A.")
	}
}

func (r *reader) aikenQuestion(first, answerLine int, text []string, options []option, answer string) {
	switch {
	case first == 0:
		r.error(answerLine, 1, "This answer belongs to no question.", "Put the question and its options straight above it.")
		return
	case len(options) < 2:
		r.skip(first, 1, "The question has fewer than two options.", "Write at least two, each as “A. text”.")
		return
	case len(answer) != 1 || answer[0] < 'A' || int(answer[0]-'A') >= len(options):
		r.skip(answerLine, 1, fmt.Sprintf("The answer “%s” is none of the options A to %c.", answer, 'A'+len(options)-1), "Name one option by its letter, such as ANSWER: A.")
		return
	}
	for _, o := range options {
		if o.text == "" {
			r.skip(first, 1, "An option of the question is empty.", "Write its text behind the letter.")
			return
		}
	}
	options[answer[0]-'A'].right = true
	asked := r.plain(strings.Join(text, "\n"), first, 1, false)
	body, right := choices(options, "(", ")")
	r.add(first, "single", asked, asked, body, "The right answer is "+right+".")
}
