package content

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"pitchside/content/source"
)

var (
	heading       = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$`)
	questionMark  = regexp.MustCompile(`^(.*?)\s*\{#(q-[^\s}]*)([^}]*)\}\s*#*$`)
	questionID    = regexp.MustCompile(`^q-[a-z0-9]+(-[a-z0-9]+)*$`)
	attributeWord = regexp.MustCompile(`[^\s="]+="[^"]*"|\S+`)
	attribute     = regexp.MustCompile(`^([a-z]+)(?:=("[^"]*"|\S+))?$`)

	item       = regexp.MustCompile(`^ {0,3}[-*+][ \t]+(.*)$`)
	numbered   = regexp.MustCompile(`^ {0,3}\d{1,3}[.)][ \t]+(.*)$`)
	radio      = regexp.MustCompile(`^\(([ xX]?)\)[ \t]*(.*)$`)
	box        = regexp.MustCompile(`^\[([ xX]?)\][ \t]+(.*)$`)
	pair       = regexp.MustCompile(`^(.+?)[ \t]+(?:->|→)[ \t]+(.+)$`)
	feedback   = regexp.MustCompile(`^[ \t]*>[ \t]?(.*)$`)
	hint       = regexp.MustCompile(`^\?[ \t]+(.*)$`)
	explained  = regexp.MustCompile(`^![ \t]+(.*)$`)
	field      = regexp.MustCompile(`^ {0,3}\[\[(.*)\]\][ \t]*$`)
	numberForm = regexp.MustCompile(`^=\s*(-?\d+(?:\.\d+)?)\s*(?:(?:\+-|\+/-|±)\s*(\d+(?:\.\d+)?))?$`)
)

// A questionReader reads the lines under one question heading.
type questionReader struct {
	r       *reading
	q       *Question
	at      source.Place
	ordered bool
	body    []string
	sink    *string // what a continued line belongs to
	forms   int     // how many [[…]] there are
	answers bool    // any were read
	strayed bool    // text behind them was noted
	unread  []unreadOption
}

// An unreadOption is a line that looks like an option and is none.
type unreadOption struct {
	at    source.Place
	cause string
}

var (
	braces    = regexp.MustCompile(`\s*\{([^{}]*)\}`)
	wrongMark = regexp.MustCompile(`^(\([^()\s]{1,2}\)|\[[^\[\]\s]{1,2}\])(?:[ \t]|$)`)
	noMark    = regexp.MustCompile(`^ ?[-*+][ \t]`)
	callMark  = regexp.MustCompile(`^ {0,3}>[ \t]?\[!`)
	halfPair  = regexp.MustCompile(`^(?:(?:->|→)\s*\S|.*\S\s*(?:->|→)\s*$)`)
)

// markOf returns the words, the id and the other attributes of a question's
// heading, or nil. What stands in several braces stands in one.
func markOf(heading string) []string {
	if m := questionMark.FindStringSubmatch(heading); m != nil {
		return m
	}
	all := braces.FindAllStringSubmatchIndex(heading, -1)
	if len(all) < 2 || strings.Trim(heading[all[len(all)-1][1]:], " #") != "" {
		return nil
	}
	var inside []string
	for _, m := range all {
		inside = append(inside, heading[m[2]:m[3]])
		if strings.HasPrefix(inside[len(inside)-1], "#q-") {
			last := len(inside) - 1
			inside[0], inside[last] = inside[last], inside[0]
		}
	}
	return questionMark.FindStringSubmatch(braces.ReplaceAllString(heading, "") + " {" + strings.Join(inside, " ") + "}")
}

// question reads a question of text, whose first line is its heading.
func (r *reading) question(text source.Text) *Question {
	m := heading.FindStringSubmatch(text.Lines[0])
	parts := markOf(m[2])
	qr := &questionReader{r: r, q: &Question{ID: parts[2], Points: 1, Line: text.First}, at: source.Place{Line: text.First, Column: 1}}
	if len(m[1]) < 3 {
		r.notes.Error(qr.at, "A question has a heading of level 3 or deeper.", "Begin the line with ###.")
	}
	if !questionID.MatchString(qr.q.ID) {
		r.notes.Error(qr.at, fmt.Sprintf("“%s” cannot be the id of a question.", qr.q.ID), "Use q- and then lower-case letters, digits and hyphens, such as {#q-two-effects}.")
	}
	if strings.TrimSpace(parts[1]) == "" {
		r.notes.Error(qr.at, "The question asks nothing.", "Write the question in its heading, before the id.")
	}
	qr.attributes(parts[3])
	for i, line := range text.Lines[1:] {
		qr.line(line, source.Place{Line: text.First + 1 + i, Column: 1})
	}
	qr.finish(strings.TrimSpace(parts[1]))
	return qr.q
}

func (qr *questionReader) error(at source.Place, cause, remedy string) {
	qr.r.notes.Error(at, cause, remedy)
}

func (qr *questionReader) attributes(text string) {
	for _, a := range attributeWord.FindAllString(text, -1) {
		m := attribute.FindStringSubmatch(a)
		if m == nil {
			qr.error(qr.at, fmt.Sprintf("“%s” in the heading cannot be read.", a), "Write name=value, such as points=2.")
			continue
		}
		value := strings.Trim(m[2], `"`)
		switch m[1] {
		case "skill":
			qr.q.Skill = value
			qr.r.needSkill(value, qr.at)
		case "points":
			n, err := strconv.ParseFloat(value, 64)
			if err != nil || n <= 0 || n > 1000 {
				qr.error(qr.at, fmt.Sprintf("“%s” is no number of points.", value), "Write a number above 0, such as points=2.")
				continue
			}
			qr.q.Points = n
		case "order":
			qr.ordered = true
		default:
			qr.r.notes.Warn(qr.at, fmt.Sprintf("“%s” means nothing in the heading of a question.", m[1]), "The heading takes skill, points and order.")
		}
	}
}

func (qr *questionReader) line(line string, at source.Place) {
	q := qr.q
	if m := hint.FindStringSubmatch(line); m != nil {
		qr.put(&q.Hint, m[1])
		return
	}
	if m := explained.FindStringSubmatch(line); m != nil {
		qr.put(&q.Explanation, m[1])
		return
	}
	if m := field.FindStringSubmatch(line); m != nil {
		qr.sink = nil
		qr.field(strings.TrimSpace(m[1]), at)
		return
	}
	if m := item.FindStringSubmatch(line); m != nil {
		if o := radio.FindStringSubmatch(m[1]); o != nil {
			qr.option(Single, o, at)
			return
		}
		if o := box.FindStringSubmatch(m[1]); o != nil {
			qr.option(Multiple, o, at)
			return
		}
		if o := pair.FindStringSubmatch(m[1]); o != nil {
			qr.kind(Matching, at)
			qr.answers = true
			q.Left = append(q.Left, Option{Text: strings.TrimSpace(o[1])})
			q.Right = append(q.Right, Option{Text: strings.TrimSpace(o[2])})
			qr.sink = nil
			return
		}
		qr.looksLikeOption(line, m[1], at)
	}
	if m := numbered.FindStringSubmatch(line); m != nil && qr.ordered {
		qr.kind(Ordering, at)
		qr.answers = true
		q.Options = append(q.Options, Option{Text: m[1]})
		qr.sink = &q.Options[len(q.Options)-1].Text
		return
	}
	if callMark.MatchString(line) && qr.answers {
		qr.stray(at)
	}
	if m := feedback.FindStringSubmatch(line); m != nil {
		if last := qr.last(); last != nil {
			qr.put(&last.Feedback, m[1])
			return
		}
	}
	switch {
	case strings.TrimSpace(line) == "":
		qr.sink = nil
		qr.body = append(qr.body, "")
	case qr.sink != nil:
		*qr.sink += "\n" + strings.TrimSpace(line)
	default:
		if qr.answers {
			qr.stray(at)
		}
		qr.body = append(qr.body, line)
	}
}

// stray notes text behind the answers, once: it would be shown above them, as
// a question ends only with the next heading.
func (qr *questionReader) stray(at source.Place) {
	if !qr.strayed {
		qr.error(at, "This text stands behind the answers, and would become part of the question.", "Put a heading before it, as only a heading ends a question; or move it above the answers, or behind the ! of the explanation.")
	}
	qr.strayed = true
}

// looksLikeOption keeps a line that may be an option with its mark wrong or
// left out, until it is known how the question is answered.
func (qr *questionReader) looksLikeOption(line, text string, at source.Place) {
	of := func(list []Option, to func(*Option) *string) bool {
		return len(list) > 0 && qr.sink == to(&list[len(list)-1])
	}
	inOption := of(qr.q.Options, func(o *Option) *string { return &o.Text }) || of(qr.q.Options, func(o *Option) *string { return &o.Feedback })
	switch {
	case wrongMark.MatchString(text):
		qr.unread = append(qr.unread, unreadOption{at, fmt.Sprintf("“%s” marks no option.", wrongMark.FindStringSubmatch(text)[1])})
	case noMark.MatchString(line) && inOption:
		qr.unread = append(qr.unread, unreadOption{at, "This option has no brackets."})
	case halfPair.MatchString(text):
		qr.unread = append(qr.unread, unreadOption{at, "This pair has only one side."})
	}
}

func (qr *questionReader) put(to *string, text string) {
	if *to != "" {
		*to += "\n"
	}
	*to += strings.TrimSpace(text)
	qr.sink = to
}

// last returns the option that feedback would belong to.
func (qr *questionReader) last() *Option {
	options := qr.q.Options
	if qr.q.Kind == Matching {
		options = qr.q.Left
	}
	if len(options) == 0 {
		return nil
	}
	return &options[len(options)-1]
}

// kind settles how the question is answered, at its first answer.
func (qr *questionReader) kind(k QuestionKind, at source.Place) {
	if qr.q.Kind != "" && qr.q.Kind != k {
		qr.error(at, fmt.Sprintf("This answer is of the kind %s, but those before it are %s.", k, qr.q.Kind), "Write all answers of a question in one way.")
		return
	}
	qr.q.Kind = k
}

func (qr *questionReader) option(k QuestionKind, m []string, at source.Place) {
	qr.kind(k, at)
	qr.answers = true
	if strings.TrimSpace(m[2]) == "" {
		qr.error(at, "This option has no text.", "Write what can be chosen, after the brackets.")
	}
	qr.q.Options = append(qr.q.Options, Option{Text: m[2], Correct: strings.EqualFold(m[1], "x")})
	qr.sink = &qr.q.Options[len(qr.q.Options)-1].Text
}

func (qr *questionReader) field(text string, at source.Place) {
	qr.forms++
	qr.answers = true
	if qr.forms > 1 {
		qr.error(at, "The question has two fields to write in.", "Make two questions of it.")
		return
	}
	switch {
	case text == "..." || text == "…":
		qr.kind(Open, at)
	case strings.HasPrefix(text, "="):
		qr.kind(Numeric, at)
		m := numberForm.FindStringSubmatch(text)
		if m == nil {
			qr.error(at, "The number cannot be read.", "Write [[= 42]], or [[= 42 +- 2]] for 40 to 44.")
			return
		}
		qr.q.answer, _ = new(big.Rat).SetString(m[1])
		qr.q.tolerance = new(big.Rat)
		if m[2] != "" {
			qr.q.tolerance.SetString(m[2])
		}
	default:
		qr.kind(Short, at)
		for a := range strings.SplitSeq(text, "|") {
			if a = strings.TrimSpace(a); a != "" {
				qr.q.accepted = append(qr.q.accepted, a)
			}
		}
	}
}

func (qr *questionReader) finish(title string) {
	q := qr.q
	body := strings.TrimSpace(strings.Join(qr.body, "\n"))
	q.Text, q.HTML = title, qr.r.inline(title)
	if body != "" {
		q.Text += "\n\n" + body
		q.HTML += "\n" + qr.r.snippet(body)
	}
	q.HintHTML, q.ExplainHTML = qr.r.inline(q.Hint), qr.r.inline(q.Explanation)
	qr.key()
	if q.Explanation == "" {
		qr.error(qr.at, "The question has no explanation.", "Add a line that begins with ! and says why the answer is right.")
	}
	if q.Kind == Matching {
		qr.match()
	}
	qr.r.named(q.ID, "", q.Options)
	if q.Kind == Numeric && q.answer == nil {
		q.answer, q.tolerance = new(big.Rat), new(big.Rat)
	}
}

// key notes what keeps the question from being marked.
func (qr *questionReader) key() {
	q := qr.q
	right := 0
	for _, o := range q.Options {
		if o.Correct {
			right++
		}
	}
	for _, u := range qr.unread {
		if q.Kind == Single || q.Kind == Multiple || q.Kind == Matching && strings.Contains(u.cause, "pair") || q.Kind == "" && strings.Contains(u.cause, "mark") {
			qr.error(u.at, u.cause, "Write - ( ) or - (x) before an option, - [ ] or - [x] if several can be chosen, and left -> right for a pair.")
		}
	}
	qr.twice(q.Options, "options")
	qr.twice(q.Left, "left sides")
	if qr.ordered && q.Kind != Ordering && q.Kind != "" {
		qr.error(qr.at, "The heading says order, and there is no numbered list to put in order.", "Number the answers, or take order out of the heading.")
	}
	const mark = "Put an x between the brackets of the right one: - (x) …"
	switch {
	case q.Kind == "":
		qr.error(qr.at, "The question has no answers.", "Write options such as - ( ) and - (x), a field such as [[word]], pairs with ->, or a numbered list with order in the heading.")
	case (q.Kind == Single || q.Kind == Multiple || q.Kind == Ordering) && len(q.Options) < 2:
		qr.error(qr.at, "The question has fewer than two options.", "Write at least two.")
	case q.Kind == Single && right == 0:
		qr.error(qr.at, "No answer is marked as right.", mark)
	case q.Kind == Single && right > 1:
		qr.error(qr.at, fmt.Sprintf("%d answers are marked as right, and only one can be chosen.", right), "Mark one, or use square brackets so that several can be chosen.")
	case q.Kind == Multiple && right == 0:
		qr.error(qr.at, "No answer is marked as right.", "Put an x between the brackets of each right one: - [x] …")
	case q.Kind == Short && len(q.accepted) == 0:
		qr.error(qr.at, "No answer is accepted.", "Write what is accepted, with | between: [[rework | re-work]].")
	case q.Kind == Matching && len(q.Left) < 2:
		qr.error(qr.at, "There are fewer than two pairs to match.", "Write at least two lines such as - left -> right.")
	}
}

// twice notes answers of which nobody can tell which is right.
func (qr *questionReader) twice(list []Option, what string) {
	seen := map[string]Option{}
	for _, o := range list {
		text := strings.ToLower(strings.Join(strings.Fields(o.Text), " "))
		if before, ok := seen[text]; ok && text != "" && (before.Correct != o.Correct || qr.q.Kind == Ordering || qr.q.Kind == Matching) {
			qr.error(qr.at, fmt.Sprintf("Two %s read “%s”, so nobody can tell them apart.", what, strings.TrimSpace(o.Text)), "Word one of them differently, or take it out.")
		}
		seen[text] = o
	}
}

// match gives the two sides of a matching question their ids and its pairs.
// Right sides of one text are one.
func (qr *questionReader) match() {
	q := qr.q
	rights := q.Right
	q.Right = nil
	byText := map[string]string{}
	for _, o := range rights {
		if byText[o.Text] == "" {
			byText[o.Text] = optionID(q.ID, "right", o.Text, 0)
			q.Right = append(q.Right, Option{ID: byText[o.Text], Text: o.Text, HTML: qr.r.inline(o.Text)})
		}
	}
	qr.r.named(q.ID, "left", q.Left)
	q.pairs = map[string]string{}
	for i, o := range q.Left {
		q.pairs[o.ID] = byText[rights[i].Text]
	}
}

// named gives options their ids and renders them.
func (r *reading) named(question, side string, options []Option) {
	times := map[string]int{}
	for i := range options {
		o := &options[i]
		o.Text = strings.TrimSpace(o.Text)
		o.ID = optionID(question, side, o.Text, times[o.Text])
		times[o.Text]++
		o.HTML, o.FeedbackHTML = r.inline(o.Text), r.inline(o.Feedback)
	}
}
