package bank

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Characters that GIFT escapes with a backslash stand in the text under
// private code points until it is written down, so that nothing reads them as
// marks.
var (
	giftHide = strings.NewReplacer(`\\`, "\ue000", `\~`, "\ue001", `\=`, "\ue002", `\#`, "\ue003", `\{`, "\ue004", `\}`, "\ue005", `\:`, "\ue006", `\n`, "\n")
	giftShow = strings.NewReplacer("\ue000", `\`, "\ue001", "~", "\ue002", "=", "\ue003", "#", "\ue004", "{", "\ue005", "}", "\ue006", ":")

	giftTitle  = regexp.MustCompile(`(?s)^\s*::(.*?)::\s*`)
	giftFormat = regexp.MustCompile(`^\s*\[(html|moodle|plain|markdown)\]\s*`)
	giftWeight = regexp.MustCompile(`^\s*%(-?\d+(?:\.\d+)?)%`)
	giftRange  = regexp.MustCompile(`^(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)$`)
	giftNumber = regexp.MustCompile(`^(-?\d+(?:\.\d+)?)\s*(?::\s*(\d+(?:\.\d+)?))?$`)
	giftTruth  = regexp.MustCompile(`(?is)^\s*(true|false|t|f)\s*(?:#(.*))?$`)
)

// gift reads the GIFT format: questions apart by blank lines, with their
// answers in braces.
func (r *reader) gift(lines []string) {
	var block []string
	first := 0
	open := false
	flush := func() {
		if first != 0 {
			r.giftQuestion(first, strings.Join(block, "\n"))
		}
		block, first, open = nil, 0, false
	}
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		hidden := giftHide.Replace(line)
		switch {
		case strings.HasPrefix(trimmed, "//"):
			if first != 0 {
				block = append(block, "") // lines below keep their numbers
			}
		case strings.HasPrefix(trimmed, "$CATEGORY:"):
			flush()
			r.warn(i+1, 1, "Categories are not kept.", "Choose the course that the questions belong to when you bring them in.")
		case trimmed == "" && (!open || !closesLater(lines[i+1:])):
			flush()
		default:
			if first == 0 {
				if trimmed == "" {
					continue
				}
				first = i + 1
			}
			block = append(block, hidden)
			open = strings.Count(strings.Join(block, "\n"), "{") > strings.Count(strings.Join(block, "\n"), "}")
		}
	}
	flush()
}

// closesLater says whether the brace that is open closes before another opens.
func closesLater(lines []string) bool {
	for _, l := range lines {
		l = giftHide.Replace(l)
		shut, open := strings.Index(l, "}"), strings.Index(l, "{")
		if open >= 0 && (shut < 0 || open < shut) || strings.HasPrefix(strings.TrimSpace(l), "::") {
			return false
		}
		if shut >= 0 {
			return true
		}
	}
	return false
}

func (r *reader) giftQuestion(first int, text string) {
	name := ""
	if m := giftTitle.FindStringSubmatch(text); m != nil {
		name = giftShow.Replace(m[1])
		first += strings.Count(m[0], "\n")
		text = text[len(m[0]):]
	}
	markdown := false
	if m := giftFormat.FindStringSubmatch(text); m != nil {
		markdown = m[1] == "markdown"
		text = text[len(m[0]):]
	}
	open, shut := strings.Index(text, "{"), strings.LastIndex(text, "}")
	switch {
	case open < 0 && shut < 0:
		r.skip(first, 1, "This is a text without answers, which is no question.", "Put it into a lesson, or add answers in braces.")
		return
	case open < 0 || shut < open || strings.Count(text, "{") != strings.Count(text, "}"):
		r.skip(first, 1, "The braces around the answers do not match.", `Open them with { and close them with }; write a brace of the text itself as \{ or \}.`)
		return
	case strings.Count(text, "{") > 1:
		r.skip(first, 1, "The question has several gaps with answers of their own.", "Make one question of each gap.")
		return
	}
	asked, after := text[:open], text[shut+1:]
	if strings.TrimSpace(after) != "" {
		asked += " ____ " + after
	}
	q := &giftReader{reader: r, first: first, line: first + strings.Count(text[:open], "\n"), markdown: markdown}
	q.asked = q.words(asked, first)
	if q.name = name; name == "" {
		q.name = q.asked
	}
	if q.asked == "" {
		r.skip(first, 1, "The question asks nothing.", "Write the question before the braces.")
		return
	}
	q.answers(text[open+1 : shut])
}

// A giftReader reads the answers of one question.
type giftReader struct {
	*reader
	first, line int // of the question, and of its opening brace
	markdown    bool
	name, asked string
	general     string // the feedback for everybody
}

func (q *giftReader) words(text string, line int) string {
	return q.plain(giftShow.Replace(text), line, 1, q.markdown)
}

func (q *giftReader) explain(fallback string) string {
	if q.general != "" {
		return q.general
	}
	return fallback
}

func (q *giftReader) answers(body string) {
	if at := strings.Index(body, "####"); at >= 0 {
		q.general = q.words(body[at+4:], q.line)
		body = body[:at]
	}
	plain := strings.TrimSpace(body)
	switch {
	case plain == "":
		q.add(q.first, "open", q.name, q.asked, "[[...]]\n", q.explain("A person reads this answer and scores it."))
	case strings.HasPrefix(plain, "#"):
		q.numeric(strings.TrimSpace(plain[1:]))
	case giftTruth.MatchString(plain):
		q.truth(giftTruth.FindStringSubmatch(plain))
	case strings.ContainsAny(plain, "=~"):
		q.listed(body)
	default:
		q.skip(q.line, 1, "No answer is marked as right or wrong.", "Begin a right answer with = and a wrong one with ~.")
	}
}

func (q *giftReader) truth(m []string) {
	yes := strings.HasPrefix(strings.ToLower(m[1]), "t")
	wrong, right, _ := strings.Cut(m[2], "#")
	options := []option{{text: "True", right: yes}, {text: "False", right: !yes}}
	for i := range options {
		if options[i].right {
			options[i].feedback = q.words(right, q.line)
		} else {
			options[i].feedback = q.words(wrong, q.line)
		}
	}
	body, key := choices(options, "(", ")")
	q.add(q.first, "single", q.name, q.asked, body, q.explain("The right answer is "+key+"."))
}

func (q *giftReader) numeric(text string) {
	var best string
	for i, part := range strings.Split(strings.TrimPrefix(text, "="), "=") {
		line := q.line
		part, said, has := strings.Cut(part, "#")
		if m := giftWeight.FindStringSubmatch(part); m != nil {
			part = part[len(m[0]):]
			if m[1] != "100" {
				q.warn(line, 1, fmt.Sprintf("The answer %s for part of the points is left out.", strings.TrimSpace(part)), "Widen the tolerance, or ask a second question.")
				continue
			}
		}
		if has && strings.TrimSpace(said) != "" {
			q.warn(line, 1, "Feedback on a number is not kept.", "Put it into the explanation.")
		}
		part = strings.TrimSpace(part)
		switch m, n := giftRange.FindStringSubmatch(part), giftNumber.FindStringSubmatch(part); {
		case best != "" && i > 0:
			q.warn(line, 1, fmt.Sprintf("A second right number, %s, is left out.", part), "Widen the tolerance, or ask a second question.")
		case m != nil:
			from, _ := strconv.ParseFloat(m[1], 64)
			to, _ := strconv.ParseFloat(m[2], 64)
			if to < from {
				q.skip(line, 1, fmt.Sprintf("The range %s ends before it begins.", part), "Write the smaller number first.")
				return
			}
			best = fmt.Sprintf("[[= %s +- %s]]\n", number((from+to)/2), number((to-from)/2))
		case n != nil:
			if n[2] == "" {
				n[2] = "0"
			}
			best = fmt.Sprintf("[[= %s +- %s]]\n", n[1], n[2])
		default:
			q.skip(line, 1, fmt.Sprintf("“%s” is no number.", giftShow.Replace(part)), "Write a number such as 3.5, a tolerance as 3.5:0.1, or a range as 3..4.")
			return
		}
	}
	if best == "" {
		q.skip(q.line, 1, "No number gives all points.", "Mark one with = and no percentage.")
		return
	}
	q.add(q.first, "numeric", q.name, q.asked, best, q.explain("The right answer is "+strings.TrimSuffix(strings.TrimPrefix(best, "[[= "), "]]\n")+"."))
}

func number(f float64) string {
	return strconv.FormatFloat(rounded(f), 'f', -1, 64)
}

// rounded drops the last binary digits, which a sum of decimals leaves behind.
func rounded(f float64) float64 {
	g, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', 9, 64), 64)
	return g
}

// A giftAnswer is one answer of a list.
type giftAnswer struct {
	option
	weight   float64
	weighted bool
	line     int
	raw      string
}

// listed reads answers marked with = and ~: a choice, words, or pairs.
func (q *giftReader) listed(body string) {
	var all []giftAnswer
	line := q.line
	for len(body) > 0 {
		at := strings.IndexAny(body, "=~")
		if at < 0 {
			break
		}
		if lost := strings.TrimSpace(body[:at]); lost != "" {
			q.skip(line, 1, fmt.Sprintf("“%s” is not marked as right or wrong.", giftShow.Replace(lost)), "Begin a right answer with = and a wrong one with ~.")
			return
		}
		line += strings.Count(body[:at], "\n")
		right := body[at] == '='
		rest := body[at+1:]
		end := strings.IndexAny(rest, "=~")
		if end < 0 {
			end = len(rest)
		}
		a := giftAnswer{line: line, raw: rest[:end]}
		a.right = right
		text := rest[:end]
		if m := giftWeight.FindStringSubmatch(text); m != nil {
			a.weight, _ = strconv.ParseFloat(m[1], 64)
			a.weighted, text = true, text[len(m[0]):]
		}
		text, said, _ := strings.Cut(text, "#")
		a.text, a.feedback = q.words(text, line), q.words(said, line)
		if a.text == "" {
			q.skip(line, 1, "An answer is empty.", "Write its text, or take the mark away.")
			return
		}
		all = append(all, a)
		line += strings.Count(rest[:end], "\n")
		body = rest[end:]
	}
	rights, wrongs, pairs, weighted := 0, 0, 0, 0
	for _, a := range all {
		if a.right {
			rights++
		} else {
			wrongs++
		}
		if strings.Contains(a.raw, "->") {
			pairs++
		}
		if a.weighted && !a.right && a.weight > 0 {
			weighted++
		}
	}
	switch {
	case wrongs == 0 && pairs > 0:
		q.matching(all)
	case wrongs == 0:
		q.short(all)
	case rights == 0 && weighted > 0:
		q.multiple(all)
	case rights == 1:
		q.single(all)
	case rights == 0:
		q.skip(q.line, 1, "No answer is marked as right.", "Begin the right answer with =.")
	default:
		q.skip(q.line, 1, fmt.Sprintf("%d answers are marked as right beside wrong ones, and one may be chosen.", rights), "Leave one =, or give each right answer its part of the points, such as ~%50%.")
	}
}

func (q *giftReader) single(all []giftAnswer) {
	options := make([]option, len(all))
	for i, a := range all {
		options[i] = a.option
		if a.weighted && a.weight != 0 && !(a.right && a.weight == 100) {
			q.warn(a.line, 1, fmt.Sprintf("The %s %% for “%s” are not kept: a choice of one is right or wrong.", number(a.weight), a.text), "Tell in its feedback what is right about it.")
		}
	}
	body, key := choices(options, "(", ")")
	q.add(q.first, "single", q.name, q.asked, body, q.explain("The right answer is "+key+"."))
}

func (q *giftReader) multiple(all []giftAnswer) {
	options := make([]option, len(all))
	share := 0.0
	for i, a := range all {
		options[i] = a.option
		options[i].right = a.weight > 0
		if a.weight > 0 {
			if share != 0 && a.weight != share {
				q.warn(a.line, 1, fmt.Sprintf("“%s” is worth %s %% and another answer %s %%; here all right answers count alike.", a.text, number(a.weight), number(share)), "Ask two questions if one answer is to count for more.")
			}
			if share == 0 {
				share = a.weight
			}
		}
	}
	body, key := choices(options, "[", "]")
	q.add(q.first, "multiple", q.name, q.asked, body, q.explain("Right are "+key+"."))
}

func (q *giftReader) short(all []giftAnswer) {
	var words []string
	for _, a := range all {
		if a.weighted && a.weight != 100 {
			q.warn(a.line, 1, fmt.Sprintf("The answer “%s” for part of the points is left out.", a.text), "Accept it in full, or leave it.")
			continue
		}
		if a.feedback != "" {
			q.warn(a.line, 1, "Feedback on a word is not kept.", "Put it into the explanation.")
		}
		if strings.ContainsAny(a.text, "|") {
			q.warn(a.line, 1, "An upright bar in an answer is read as a space.", "Write the answer without it.")
		}
		words = append(words, strings.Join(strings.Fields(strings.ReplaceAll(a.text, "|", " ")), " "))
	}
	if len(words) == 0 {
		q.skip(q.line, 1, "No answer gives all points.", "Mark one with = and no percentage.")
		return
	}
	q.add(q.first, "short", q.name, q.asked, "[["+strings.Join(words, " | ")+"]]\n", q.explain("The answer is “"+words[0]+"”."))
}

func (q *giftReader) matching(all []giftAnswer) {
	var pairs []pair
	for _, a := range all {
		left, right, ok := strings.Cut(a.raw, "->")
		p := pair{q.words(left, a.line), q.words(right, a.line)}
		if !ok || p.left == "" || p.right == "" {
			q.skip(a.line, 1, "One of the pairs has only one side.", "Write both, such as =France -> Paris.")
			return
		}
		pairs = append(pairs, p)
	}
	q.pairs(q.line, 1, q.name, q.asked, q.general, pairs)
}
