package bank

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// moodleKinds says in words what Moodle calls the kinds that our format lacks.
var moodleKinds = map[string]string{
	"description": "a text without a question", "cloze": "a text with several gaps", "multianswer": "a text with several gaps",
	"calculated": "a sum with drawn numbers", "calculatedsimple": "a sum with drawn numbers", "calculatedmulti": "a choice with drawn numbers",
	"ddwtos": "words dragged into a text", "gapselect": "words chosen in a text", "ddimageortext": "things dragged onto a picture",
	"ddmarker": "marks dragged onto a picture", "randomsamatch": "pairs drawn from other questions",
}

// moodle reads Moodle's XML format.
func (r *reader) moodle(text string) {
	root, bad := parseXML(text)
	if bad != nil {
		r.error(bad.line, bad.column, bad.cause, "Export the bank again, or mend the file at this place.")
		return
	}
	for _, top := range root.children {
		if top.name != "quiz" {
			r.error(top.line, top.column, fmt.Sprintf("The file begins with “%s”, not with “quiz”, so it is no Moodle bank.", top.name), "Choose the format that the file has.")
			return
		}
		for _, n := range top.children {
			if n.name == "question" {
				r.moodleQuestion(n)
			} else {
				r.warn(n.line, n.column, "Text or an element outside of any question is left out.", "Put it into a lesson if it is needed.")
			}
		}
	}
}

// A moodleReader reads one question.
type moodleReader struct {
	*reader
	node        *node
	name, asked string
	general     string
}

func (r *reader) moodleQuestion(n *node) {
	kind := n.attrs["type"]
	if kind == "category" {
		r.warn(n.line, n.column, "Categories are not kept.", "Choose the course that the questions belong to when you bring them in.")
		return
	}
	if what, known := moodleKinds[kind]; known {
		r.skip(n.line, n.column, fmt.Sprintf("This is %s, which our format does not have.", what), "Ask it as a choice, a word, a number, pairs or an order.")
		return
	}
	q := &moodleReader{reader: r, node: n}
	body := n.child("questiontext")
	q.asked = q.words(body)
	if q.name = strings.TrimSpace(n.child("name").own()); q.name == "" {
		q.name = q.asked
	}
	if q.asked == "" {
		r.skip(n.line, n.column, "The question asks nothing.", "Write its text.")
		return
	}
	q.general = q.words(n.child("generalfeedback"))
	q.around()
	defer func() { r.points, r.hint = "", "" }()
	switch kind {
	case "multichoice":
		q.choice()
	case "truefalse":
		q.single(n.all("answer"))
	case "shortanswer":
		q.short()
	case "numerical":
		q.numeric()
	case "matching", "match":
		q.matching()
	case "ordering":
		q.ordering()
	case "essay":
		q.essay()
	case "":
		r.skip(n.line, n.column, "The question does not say of which type it is.", `Add it, such as type="multichoice".`)
	default:
		r.skip(n.line, n.column, fmt.Sprintf("“%s” is a type that our format does not have.", kind), "Ask it as a choice, a word, a number, pairs or an order.")
	}
}

// words reads the text element of a node.
func (q *moodleReader) words(n *node) string {
	t := n.child("text")
	if t.own() == "" && len(n.all("file")) > 0 {
		q.warn(n.line, n.column, "A file that belongs to the text is not kept.", "Add it in the editor after the import.")
	}
	return q.plain(t.own(), t.line, t.column, n.attrs["format"] == "markdown")
}

func (q *moodleReader) explain(fallback string) string {
	if q.general != "" {
		return q.general
	}
	return fallback
}

// Lines that Moodle writes into every question by itself.
var moodleOwn = []string{"", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}

// around reads what stands around the answers: points, hints, and what is lost.
func (q *moodleReader) around() {
	n := q.node
	if f, err := strconv.ParseFloat(n.child("defaultgrade").own(), 64); err == nil && f > 0 && f != 1 {
		q.points = number(f)
	}
	for i, h := range n.all("hint") {
		if said := q.words(h); i == 0 {
			q.hint = said
		} else if said != "" {
			q.warn(h.line, h.column, "A second hint is not kept.", "Join the hints into one.")
		}
	}
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		for _, f := range n.all(name) {
			if slices.Contains(moodleOwn, strings.Join(strings.Fields(tag.ReplaceAllString(f.child("text").own(), " ")), " ")) {
				if f.child("text").own() != "" {
					q.once(f, "Lines such as “Your answer is correct.” are not kept; the result is said in words of our own.", "Nothing needs doing.")
				}
				continue
			}
			q.warn(f.line, f.column, "Feedback on the answer as a whole is not kept.", "Put it under an option, or into the explanation.")
		}
	}
	if f, err := strconv.ParseFloat(n.child("penalty").own(), 64); err == nil && f > 0 {
		q.once(n.child("penalty"), "Penalties for further tries are not kept.", "Nothing needs doing: a quiz counts each question once.")
	}
	if n.child("hidden").own() == "1" {
		q.warn(n.line, n.column, "The question was hidden where it comes from; it is taken over all the same.", "Delete it if it is out of use.")
	}
	for _, t := range n.all("tags") {
		if len(t.all("tag")) > 0 {
			q.warn(t.line, t.column, "Tags are not kept.", "Name the skill that the question is about: skill=question.")
		}
	}
}

// fraction is the share of the points that an answer earns, in percent.
func fraction(n *node) float64 {
	f, _ := strconv.ParseFloat(n.attrs["fraction"], 64)
	return f
}

func (q *moodleReader) choice() {
	answers := q.node.all("answer")
	if flag := q.node.child("single").own(); flag == "true" || flag == "1" || flag == "" {
		q.single(answers)
		return
	}
	options, share := []option{}, 0.0
	for _, a := range answers {
		o := option{text: q.plain(a.child("text").own(), a.line, a.column, a.attrs["format"] == "markdown"), feedback: q.words(a.child("feedback")), right: fraction(a) > 0}
		if o.right && share != 0 && fraction(a) != share {
			q.warn(a.line, a.column, fmt.Sprintf("“%s” is worth %s %% and another answer %s %%; here all right answers count alike.", o.text, number(fraction(a)), number(share)), "Ask two questions if one answer is to count for more.")
		}
		if o.right && share == 0 {
			share = fraction(a)
		}
		options = append(options, o)
	}
	if !q.sound(answers, options) {
		return
	}
	body, key := choices(options, "[", "]")
	q.add(q.node.line, "multiple", q.name, q.asked, body, q.explain("Right are "+key+"."))
}

func (q *moodleReader) single(answers []*node) {
	options, rights := []option{}, 0
	for _, a := range answers {
		o := option{text: q.plain(a.child("text").own(), a.line, a.column, a.attrs["format"] == "markdown"), feedback: q.words(a.child("feedback")), right: fraction(a) == 100}
		if o.right {
			rights++
		} else if f := fraction(a); f != 0 {
			q.warn(a.line, a.column, fmt.Sprintf("The %s %% for “%s” are not kept: a choice of one is right or wrong.", number(f), o.text), "Tell in its feedback what is right about it.")
		}
		options = append(options, o)
	}
	if rights > 1 {
		q.skip(q.node.line, q.node.column, fmt.Sprintf("%d answers earn all points, and one may be chosen.", rights), "Leave one of them at 100, or allow several answers.")
		return
	}
	if !q.sound(answers, options) {
		return
	}
	body, key := choices(options, "(", ")")
	q.add(q.node.line, "single", q.name, q.asked, body, q.explain("The right answer is "+key+"."))
}

// sound says whether options make a question, and skips it when not.
func (q *moodleReader) sound(answers []*node, options []option) bool {
	if len(options) < 2 {
		q.skip(q.node.line, q.node.column, "The question has fewer than two answers to choose from.", "Write at least two.")
		return false
	}
	for i, o := range options {
		if o.text == "" {
			q.skip(answers[i].line, answers[i].column, "An answer is empty.", "Write its text, or take it away.")
			return false
		}
	}
	if !slices.ContainsFunc(options, func(o option) bool { return o.right }) {
		q.skip(q.node.line, q.node.column, "No answer earns the points.", `Mark the right one with fraction="100".`)
		return false
	}
	return true
}

func (q *moodleReader) short() {
	if q.node.child("usecase").own() == "1" {
		q.warn(q.node.line, q.node.column, "Capitals and small letters were told apart; here they are not.", "Say in the question how it is to be written, if that matters.")
	}
	var words []string
	for _, a := range q.node.all("answer") {
		text := q.plain(a.child("text").own(), a.line, a.column, true)
		switch {
		case fraction(a) < 100:
			q.warn(a.line, a.column, fmt.Sprintf("The answer “%s” for part of the points is left out.", text), "Accept it in full, or leave it.")
			continue
		case strings.Contains(strings.ReplaceAll(text, `\*`, ""), "*"):
			q.warn(a.line, a.column, fmt.Sprintf("“%s” stands for many answers, which a word cannot; it is left out.", text), "Write down each answer that is to be accepted.")
			continue
		}
		if q.words(a.child("feedback")) != "" {
			q.warn(a.line, a.column, "Feedback on a word is not kept.", "Put it into the explanation.")
		}
		text = strings.ReplaceAll(text, `\*`, "*")
		if text = strings.Join(strings.Fields(strings.NewReplacer("|", " ", "[", "(", "]", ")").Replace(text)), " "); text != "" {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		q.skip(q.node.line, q.node.column, "No answer earns all points.", `Mark one with fraction="100".`)
		return
	}
	q.add(q.node.line, "short", q.name, q.asked, "[["+strings.Join(words, " | ")+"]]\n", q.explain("The answer is “"+words[0]+"”."))
}

func (q *moodleReader) numeric() {
	if u := q.node.child("units"); len(u.all("unit")) > 0 {
		q.warn(u.line, u.column, "Units are not read with a number.", "Say in the question in which unit the answer is.")
	}
	best := ""
	for _, a := range q.node.all("answer") {
		text := strings.ReplaceAll(a.child("text").own(), ",", ".")
		f, err := strconv.ParseFloat(text, 64)
		switch {
		case text == "*":
			q.warn(a.line, a.column, "What is said to every other number is not kept.", "Put it into the explanation.")
			continue
		case fraction(a) < 100:
			q.warn(a.line, a.column, fmt.Sprintf("The answer %s for part of the points is left out.", text), "Widen the tolerance, or ask a second question.")
			continue
		case err != nil:
			q.skip(a.line, a.column, fmt.Sprintf("“%s” is no number.", text), "Write a number such as 3.5.")
			return
		case best != "":
			q.warn(a.line, a.column, fmt.Sprintf("A second right number, %s, is left out.", text), "Widen the tolerance, or ask a second question.")
			continue
		}
		if q.words(a.child("feedback")) != "" {
			q.warn(a.line, a.column, "Feedback on a number is not kept.", "Put it into the explanation.")
		}
		t, err := strconv.ParseFloat(strings.ReplaceAll(a.child("tolerance").own(), ",", "."), 64)
		if err != nil || t < 0 {
			t = 0
		}
		best = fmt.Sprintf("[[= %s +- %s]]\n", number(f), number(t))
	}
	if best == "" {
		q.skip(q.node.line, q.node.column, "No number gives all points.", `Mark one with fraction="100".`)
		return
	}
	q.add(q.node.line, "numeric", q.name, q.asked, best, q.explain("The right answer is "+strings.TrimSuffix(strings.TrimPrefix(best, "[[= "), "]]\n")+"."))
}

func (q *moodleReader) matching() {
	var pairs []pair
	for _, s := range q.node.all("subquestion") {
		p := pair{q.plain(s.child("text").own(), s.line, s.column, s.attrs["format"] == "markdown"), q.words(s.child("answer"))}
		switch {
		case p.left == "" && p.right != "":
			q.warn(s.line, s.column, fmt.Sprintf("“%s” belongs to nothing and is left out: each answer here has its partner.", p.right), "Nothing needs doing, unless the question is now too easy.")
		case p.left == "" || p.right == "":
			q.skip(s.line, s.column, "One of the pairs has only one side.", "Write both sides.")
			return
		default:
			pairs = append(pairs, p)
		}
	}
	q.pairs(q.node.line, q.node.column, q.name, q.asked, q.general, pairs)
}

func (q *moodleReader) ordering() {
	answers := q.node.all("answer")
	slices.SortStableFunc(answers, func(a, b *node) int { return int(fraction(a)) - int(fraction(b)) })
	var items []string
	for _, a := range answers {
		items = append(items, q.plain(a.child("text").own(), a.line, a.column, a.attrs["format"] == "markdown"))
	}
	q.order(q.node.line, q.node.column, q.name, q.asked, q.general, items)
}

func (q *moodleReader) essay() {
	for _, name := range []string{"graderinfo", "responsetemplate"} {
		if t := q.node.child(name); t.child("text").own() != "" {
			q.warn(t.line, t.column, "Notes for whoever scores, and a text to begin from, are not kept.", "Put what the reader should look for into the explanation.")
		}
	}
	q.add(q.node.line, "open", q.name, q.asked, "[[...]]\n", q.explain("A person reads this answer and scores it."))
}
