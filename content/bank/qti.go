package bank

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// qtiKinds says in words what the interactions are that our format lacks.
var qtiKinds = map[string]string{
	"associateinteraction": "items joined freely in pairs", "gapmatchinteraction": "words dragged into gaps", "graphicgapmatchinteraction": "things dragged onto a picture",
	"graphicassociateinteraction": "places of a picture joined in pairs", "graphicorderinteraction": "places of a picture put in order",
	"hotspotinteraction": "places chosen on a picture", "selectpointinteraction": "points chosen on a picture", "positionobjectinteraction": "things placed on a picture",
	"hottextinteraction": "words chosen in a text", "sliderinteraction": "a slider", "uploadinteraction": "a file handed in", "drawinginteraction": "a drawing",
	"mediainteraction": "a film or sound that is played", "endattemptinteraction": "a button that ends the attempt", "custominteraction": "a program of its own",
	"portablecustominteraction": "a program of its own",
}

// qti reads QTI 2.1 and 3.0: one item, or a test with its items.
func (r *reader) qti(text string) {
	root, bad := parseXML(text)
	if bad != nil {
		r.error(bad.line, bad.column, bad.cause, "Export the bank again, or mend the file at this place.")
		return
	}
	for _, top := range root.children {
		switch top.name {
		case "questestinterop":
			r.error(top.line, top.column, "This is QTI 1.2, which is not read.", "Export the bank as QTI 2.1 or QTI 3.0.")
			return
		case "assessmenttest", "assessmentsection":
			r.warn(top.line, top.column, "Sections, their order and the scoring of the test are not kept; its questions are.", "Say in the quiz how many questions are drawn.")
		}
	}
	items := root.named("assessmentitem")
	for _, item := range items {
		r.qtiItem(item)
	}
	if refs := root.named("assessmentitemref"); len(items) == 0 && len(refs) > 0 && r.file == "" {
		r.error(refs[0].line, refs[0].column, "The file names its questions and does not hold them.", "Bring in the whole zip of the bank.")
	}
}

// A qtiReader reads one item.
type qtiReader struct {
	*reader
	item, body, ask *node // ask: the interaction
	name, asked     string
	general         string // explanation
	feedback        map[string]string
}

func (r *reader) qtiItem(n *node) {
	q := &qtiReader{reader: r, item: n, body: n.child("itembody"), feedback: map[string]string{}}
	asks := q.body.find(func(c *node) bool { return strings.HasSuffix(c.name, "interaction") })
	switch {
	case len(asks) == 0:
		r.skip(n.line, n.column, "The item asks nothing that can be answered.", "Put its text into a lesson, or add an interaction.")
		return
	case len(asks) > 1:
		r.skip(n.line, n.column, fmt.Sprintf("The item asks %d things in one.", len(asks)), "Make one question of each.")
		return
	case len(n.all("templatedeclaration")) > 0:
		r.skip(n.line, n.column, "The item draws numbers of its own for each learner.", "Make a question with fixed numbers.")
		return
	}
	q.ask = asks[0]
	q.responses()
	if q.asked = q.said(q.body); strings.Trim(q.asked, `\_ `) == "" {
		r.skip(n.line, n.column, "The question asks nothing.", "Write its text.")
		return
	}
	q.name = cmp.Or(n.attrs["title"], q.asked)
	q.lost()
	switch q.ask.name {
	case "choiceinteraction", "inlinechoiceinteraction":
		q.choice()
	case "textentryinteraction":
		q.entry()
	case "extendedtextinteraction":
		q.add(n.line, "open", q.name, q.asked, "[[...]]\n", q.explain("A person reads this answer and scores it."))
	case "matchinteraction":
		q.match()
	case "orderinteraction":
		q.ordered()
	default:
		what := qtiKinds[q.ask.name]
		if what == "" {
			what = "an interaction called " + q.ask.name
		}
		r.skip(q.ask.line, q.ask.column, fmt.Sprintf("This is %s, which our format does not have.", what), "Ask it as a choice, a word, a number, pairs or an order.")
	}
}

func (q *qtiReader) explain(fallback string) string {
	if q.general != "" {
		return q.general
	}
	return fallback
}

// answerless are the parts of an item's text that are no part of what it asks.
var answerless = []string{"feedbackinline", "feedbackblock", "rubricblock", "simplechoice", "inlinechoice", "simplematchset", "stylesheet", "label"}

// said is the text of a node without its answers: the words of an item with
// its gap, or those of an option.
func (q *qtiReader) said(n *node) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(c *node) {
		switch {
		case c.name == "":
			b.WriteString(c.text)
			return
		case slices.Contains(answerless, c.name):
			return
		case c.name == "textentryinteraction" || c.name == "inlinechoiceinteraction":
			b.WriteString(" ____ ")
			return
		case c.name == "img" || c.name == "object" || c.name == "audio" || c.name == "video" || c.name == "picture":
			q.warn(c.line, c.column, "The question shows a picture or plays a recording, which a bank does not carry.", "Add it in the editor after the import, with words that describe it.")
			return
		case c.name == "math":
			q.warn(c.line, c.column, "A formula is kept in its signs only.", "Look at it after the import.")
		case slices.Contains([]string{"b", "strong", "i", "em", "u", "ul", "ol", "table", "pre", "code", "sub", "sup", "a", "blockquote"}, c.name):
			q.once(c, "Bold, lists, tables and other marks in the text are not kept; the words are.", "Set what should stand out in Markdown, such as **bold**.")
		}
		block := slices.Contains([]string{"p", "div", "li", "br", "td", "tr", "prompt", "h1", "h2", "h3"}, c.name)
		if block {
			b.WriteString(" ")
		}
		for _, child := range c.children {
			walk(child)
		}
		if block {
			b.WriteString(" ")
		}
	}
	for _, c := range n.children {
		walk(c)
	}
	return q.plain(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(b.String()), n.line, n.column, false)
}

// responses reads feedback shown after the answer: under the option whose
// name it carries, or as the explanation.
func (q *qtiReader) responses() {
	choices := map[string]bool{}
	for _, c := range q.ask.find(func(c *node) bool { return c.attrs["identifier"] != "" }) {
		choices[c.attrs["identifier"]] = true
	}
	for _, f := range append(q.item.named("modalfeedback"), q.item.named("feedbackblock")...) {
		id, text := f.attrs["identifier"], q.said(f)
		lower := strings.ToLower(id)
		switch {
		case text == "":
		case choices[id]:
			q.feedback[id] = text
		case strings.Contains(lower, "incorrect") || strings.Contains(lower, "wrong") || q.general != "":
			q.warn(f.line, f.column, "Feedback on the answer as a whole is not kept.", "Put it under an option, or into the explanation.")
		default:
			q.general = text
		}
	}
}

// lost names what stands around the interaction and is not taken over.
func (q *qtiReader) lost() {
	for _, b := range q.body.named("rubricblock") {
		q.warn(b.line, b.column, "Notes for whoever scores are not kept.", "Put what the reader should look for into the explanation.")
	}
	for _, s := range q.item.named("stylesheet") {
		q.once(s, "Style sheets are not kept.", "Nothing needs doing.")
	}
	if p := q.item.child("responseprocessing"); len(p.children) > 0 {
		q.once(p, "Scoring rules written into the items are not kept; the right answers are.", "Check the points of questions that gave part of them.")
	}
	if q.item.attrs["timedependent"] == "true" {
		q.warn(q.item.line, q.item.column, "A time limit of one question is not kept.", "Set minutes for the quiz as a whole.")
	}
}

// A key is what a response declaration says of right answers.
type key struct {
	values      []string
	mapped      map[string]float64
	order       []string // of mapped
	cardinality string
	base        string
	at          *node
}

func (q *qtiReader) key() key {
	k := key{mapped: map[string]float64{}, at: q.item}
	for _, d := range q.item.all("responsedeclaration") {
		if d.attrs["identifier"] != q.ask.attrs["responseidentifier"] {
			continue
		}
		k.at, k.cardinality, k.base = d, d.attrs["cardinality"], d.attrs["basetype"]
		for _, v := range d.child("correctresponse").all("value") {
			k.values = append(k.values, strings.Join(strings.Fields(v.own()), " "))
		}
		for _, e := range d.child("mapping").all("mapentry") {
			f, err := strconv.ParseFloat(e.attrs["mappedvalue"], 64)
			if err != nil {
				q.warn(e.line, e.column, fmt.Sprintf("“%s” is no number of points.", e.attrs["mappedvalue"]), "Write a number.")
			}
			name := strings.Join(strings.Fields(e.attrs["mapkey"]), " ")
			k.mapped[name] = f
			k.order = append(k.order, name)
		}
	}
	if len(k.values) == 0 {
		for _, name := range k.order {
			if k.mapped[name] > 0 {
				k.values = append(k.values, name)
			}
		}
	}
	return k
}

func (q *qtiReader) choice() {
	k := q.key()
	name := "simplechoice"
	if q.ask.name == "inlinechoiceinteraction" {
		name = "inlinechoice"
	}
	var options []option
	var seen []string
	for _, c := range q.ask.named(name) {
		id := c.attrs["identifier"]
		o := option{text: q.said(c), right: slices.Contains(k.values, id), feedback: q.feedback[id]}
		for _, f := range c.named("feedbackinline") {
			o.feedback = q.said(f)
		}
		if o.text == "" {
			q.skip(c.line, c.column, "An option has no words.", "Write its text, or take it away.")
			return
		}
		if slices.Contains(seen, id) {
			q.skip(c.line, c.column, fmt.Sprintf("Two options have the identifier “%s”.", id), "Give each its own.")
			return
		}
		options, seen = append(options, o), append(seen, id)
	}
	for _, v := range k.values {
		if !slices.Contains(seen, v) {
			q.skip(k.at.line, k.at.column, fmt.Sprintf("The right answer “%s” is none of the options.", v), "Name an option by its identifier.")
			return
		}
	}
	switch {
	case len(options) < 2:
		q.skip(q.ask.line, q.ask.column, "The question has fewer than two options.", "Write at least two.")
		return
	case len(k.values) == 0:
		q.skip(k.at.line, k.at.column, "The item does not say which answer is right.", "Add a correctResponse to its responseDeclaration.")
		return
	}
	q.weights(k)
	body, right := choices(options, "[", "]")
	if k.cardinality == "multiple" {
		q.add(q.item.line, "multiple", q.name, q.asked, body, q.explain("Right are "+right+"."))
		return
	}
	if len(k.values) > 1 {
		q.skip(k.at.line, k.at.column, fmt.Sprintf("%d answers are right, and one may be chosen.", len(k.values)), "Leave one of them, or set cardinality to multiple.")
		return
	}
	body, right = choices(options, "(", ")")
	q.add(q.item.line, "single", q.name, q.asked, body, q.explain("The right answer is "+right+"."))
}

// weights warns where answers earn different points, or wrong ones earn some.
func (q *qtiReader) weights(k key) {
	first := 0.0
	for _, name := range k.order {
		v := k.mapped[name]
		right := slices.Contains(k.values, name)
		switch {
		case !right && v > 0:
			q.warn(k.at.line, k.at.column, fmt.Sprintf("The points for “%s”, which is not the right answer, are not kept.", name), "Tell in its feedback what is right about it.")
		case right && first == 0:
			first = v
		case right && v != first:
			q.warn(k.at.line, k.at.column, fmt.Sprintf("“%s” is worth %s and another answer %s; here all right answers count alike.", name, number(v), number(first)), "Ask two questions if one answer is to count for more.")
		}
	}
}

func (q *qtiReader) entry() {
	k := q.key()
	if k.base == "float" || k.base == "integer" {
		q.number(k)
		return
	}
	best := 0.0
	for _, v := range k.mapped {
		best = max(best, v)
	}
	words := slices.Clone(k.values)
	for _, name := range k.order {
		switch {
		case slices.Contains(words, name) && (k.mapped[name] == best || len(k.at.child("correctresponse").children) > 0):
		case k.mapped[name] == best && best > 0:
			words = append(words, name)
		case k.mapped[name] > 0:
			words = slices.DeleteFunc(words, func(w string) bool { return w == name })
			q.warn(k.at.line, k.at.column, fmt.Sprintf("The answer “%s” for part of the points is left out.", name), "Accept it in full, or leave it.")
		}
	}
	if strict := k.at.child("mapping").find(func(e *node) bool { return e.attrs["casesensitive"] == "true" }); len(strict) > 0 {
		q.warn(strict[0].line, strict[0].column, "Capitals and small letters were told apart; here they are not.", "Say in the question how it is to be written, if that matters.")
	}
	var clean []string
	for _, w := range words {
		if w = strings.Join(strings.Fields(strings.NewReplacer("|", " ", "[", "(", "]", ")").Replace(w)), " "); w != "" && !slices.Contains(clean, w) {
			clean = append(clean, w)
		}
	}
	if len(clean) == 0 {
		q.skip(k.at.line, k.at.column, "The item does not say which word is right.", "Add a correctResponse to its responseDeclaration.")
		return
	}
	q.add(q.item.line, "short", q.name, q.asked, "[["+strings.Join(clean, " | ")+"]]\n", q.explain("The answer is “"+clean[0]+"”."))
}

func (q *qtiReader) number(k key) {
	if len(k.values) == 0 {
		q.skip(k.at.line, k.at.column, "The item does not say which number is right.", "Add a correctResponse to its responseDeclaration.")
		return
	}
	f, err := strconv.ParseFloat(k.values[0], 64)
	if err != nil {
		q.skip(k.at.line, k.at.column, fmt.Sprintf("“%s” is no number.", k.values[0]), "Write a number such as 3.5.")
		return
	}
	tolerance := 0.0
	for _, e := range q.item.named("equal") {
		low, high, two := strings.Cut(e.attrs["tolerance"], " ")
		t, err := strconv.ParseFloat(low, 64)
		if err != nil {
			continue
		}
		if u, err := strconv.ParseFloat(high, 64); two && err == nil && u != t {
			q.warn(e.line, e.column, "The tolerance differs above and below; the smaller one is kept on both sides.", "Set the number in the middle of the range.")
			t = min(t, u)
		}
		if e.attrs["tolerancemode"] == "relative" {
			t = t / 100 * max(f, -f)
		}
		tolerance = t
	}
	key := fmt.Sprintf("%s +- %s", number(f), number(tolerance))
	q.add(q.item.line, "numeric", q.name, q.asked, "[[= "+key+"]]\n", q.explain("The right answer is "+key+"."))
}

func (q *qtiReader) match() {
	sets := q.ask.named("simplematchset")
	if len(sets) != 2 {
		q.skip(q.ask.line, q.ask.column, "The pairs need two lists, and there are not two.", "Write what is matched and what it is matched with as two sets.")
		return
	}
	texts := map[string]string{}
	for _, set := range sets {
		for _, c := range set.all("simpleassociablechoice") {
			texts[c.attrs["identifier"]] = q.said(c)
		}
	}
	k := q.key()
	partner := map[string]string{}
	for _, v := range k.values {
		left, right, _ := strings.Cut(v, " ")
		if partner[left] != "" {
			q.skip(k.at.line, k.at.column, fmt.Sprintf("“%s” belongs to more than one.", texts[left]), "Ask it as several questions, or as a choice of several.")
			return
		}
		partner[left] = right
	}
	var pairs []pair
	used := map[string]bool{}
	for _, c := range sets[0].all("simpleassociablechoice") {
		id := c.attrs["identifier"]
		p := pair{texts[id], texts[partner[id]]}
		if p.left == "" || p.right == "" {
			q.skip(c.line, c.column, "One of the items has no partner, or one of the two has no words.", "Give each item of the first list its partner in correctResponse.")
			return
		}
		used[partner[id]] = true
		pairs = append(pairs, p)
	}
	for _, c := range sets[1].all("simpleassociablechoice") {
		if !used[c.attrs["identifier"]] {
			q.warn(c.line, c.column, fmt.Sprintf("“%s” belongs to nothing and is left out: each answer here has its partner.", texts[c.attrs["identifier"]]), "Nothing needs doing, unless the question is now too easy.")
		}
	}
	q.pairs(q.item.line, q.item.column, q.name, q.asked, q.general, pairs)
}

func (q *qtiReader) ordered() {
	k := q.key()
	texts := map[string]string{}
	for _, c := range q.ask.named("simplechoice") {
		texts[c.attrs["identifier"]] = q.said(c)
	}
	var items []string
	for _, v := range k.values {
		items = append(items, texts[v])
	}
	if len(items) != len(texts) {
		q.skip(k.at.line, k.at.column, "The right order does not name each item once.", "List all of them in correctResponse.")
		return
	}
	q.order(q.item.line, q.item.column, q.name, q.asked, q.general, items)
}
