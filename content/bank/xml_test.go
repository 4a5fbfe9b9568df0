package bank_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pitchside/content/bank"
)

func moodle(questions string) string {
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n" + questions + "\n</quiz>\n"
}

func moodleQuestion(kind, rest string) string {
	return `<question type="` + kind + `"><name><text>Name</text></name><questiontext format="html"><text><![CDATA[<p>What now?</p>]]></text></questiontext>` + rest + `</question>`
}

func item(kind, cardinality, base, correct, body string) string {
	return fmt.Sprintf(`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="Item">
<responseDeclaration identifier="R" cardinality=%q baseType=%q><correctResponse>%s</correctResponse></responseDeclaration>
<itemBody><%s responseIdentifier="R"><prompt>What <b>now</b>?</prompt>
%s</%s></itemBody></assessmentItem>`, cardinality, base, correct, kind, body, kind)
}

// TestReadXML reads Moodle's XML and both editions of QTI.
func TestReadXML(t *testing.T) {
	t.Parallel()
	answers := `<answer fraction="100"><text>Ask</text><feedback><text>Yes.</text></feedback></answer>
<answer fraction="0"><text>Tell</text></answer>`
	choices := "<simpleChoice identifier=\"A\">Ask<feedbackInline outcomeIdentifier=\"F\" identifier=\"A\">Yes.</feedbackInline></simpleChoice>\n<simpleChoice identifier=\"B\">Tell</simpleChoice>"
	for name, c := range map[string]struct {
		format, text string
		kinds        []string
		problems     []string
	}{
		"a choice of one":        {"moodle-xml", moodle(moodleQuestion("multichoice", "<single>true</single>"+answers)), []string{"single"}, nil},
		"a choice of several":    {"moodle-xml", moodle(moodleQuestion("multichoice", `<single>false</single><answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-100"><text>c</text></answer>`)), []string{"multiple"}, nil},
		"part of the points":     {"moodle-xml", moodle(moodleQuestion("multichoice", `<single>true</single>`+answers+"\n"+`<answer fraction="33.3"><text>Wait</text></answer>`)), []string{"single"}, []string{"5 warning 33.3"}},
		"true or false":          {"moodle-xml", moodle(moodleQuestion("truefalse", `<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>`)), []string{"single"}, nil},
		"a word":                 {"moodle-xml", moodle(moodleQuestion("shortanswer", `<usecase>0</usecase><answer fraction="100"><text>payoff</text></answer>`+"\n"+`<answer fraction="0"><text>*</text></answer>`)), []string{"short"}, []string{"4 warning part"}},
		"any word":               {"moodle-xml", moodle(moodleQuestion("shortanswer", `<answer fraction="100"><text>*</text></answer>`)), nil, []string{"3 warning many", "3 error earns all"}},
		"a number":               {"moodle-xml", moodle(moodleQuestion("numerical", `<answer fraction="100"><text>42</text><tolerance>0.5</tolerance></answer>`)), []string{"numeric"}, nil},
		"pairs and one too many": {"moodle-xml", moodle(moodleQuestion("matching", `<subquestion><text>a</text><answer><text>1</text></answer></subquestion><subquestion><text>b</text><answer><text>2</text></answer></subquestion>`+"\n"+`<subquestion><text></text><answer><text>3</text></answer></subquestion>`)), []string{"matching"}, []string{"4 warning belongs to nothing"}},
		"an order":               {"moodle-xml", moodle(moodleQuestion("ordering", `<answer fraction="2"><text>Then this</text></answer><answer fraction="1"><text>First this</text></answer>`)), []string{"ordering"}, nil},
		"an essay":               {"moodle-xml", moodle(moodleQuestion("essay", "")), []string{"open"}, nil},
		"a cloze":                {"moodle-xml", moodle("\n" + moodleQuestion("cloze", "")), nil, []string{"4 error several gaps"}},
		"a description":          {"moodle-xml", moodle(moodleQuestion("description", "")), nil, []string{"3 error without a question"}},
		"a type of a plug-in":    {"moodle-xml", moodle(moodleQuestion("crossword", "")), nil, []string{"3 error crossword"}},
		"a category":             {"moodle-xml", moodle(`<question type="category"><category><text>x</text></category></question>` + moodleQuestion("multichoice", answers)), []string{"single"}, []string{"3 warning Categories"}},
		"no right answer":        {"moodle-xml", moodle(moodleQuestion("multichoice", `<answer fraction="0"><text>a</text></answer><answer fraction="0"><text>b</text></answer>`)), nil, []string{"3 error No answer"}},
		"two right, one allowed": {"moodle-xml", moodle(moodleQuestion("multichoice", `<single>true</single><answer fraction="100"><text>a</text></answer><answer fraction="100"><text>b</text></answer>`)), nil, []string{"3 error one may be chosen"}},
		"tags and penalties":     {"moodle-xml", moodle(moodleQuestion("multichoice", "<penalty>0.3333</penalty>"+answers+"\n<tags><tag><text>x</text></tag></tags>")), []string{"single"}, []string{"3 warning Penalties", "5 warning Tags"}},
		"a picture":              {"moodle-xml", moodle(strings.Replace(moodleQuestion("multichoice", answers), "<p>", `<img src="@@PLUGINFILE@@/x.png"><p>`, 1)), []string{"single"}, []string{"3 warning picture"}},
		"a tag left open":        {"moodle-xml", "<quiz>\n<question type=\"essay\">\n</quiz>", nil, []string{"3 error cannot be read"}},
		"an entity of its own":   {"moodle-xml", "<!DOCTYPE q [<!ENTITY a \"aaaa\">]>\n<quiz><question type=\"essay\"><questiontext><text>&a;</text></questiontext></question></quiz>", nil, []string{"2 error cannot be read"}},
		"GIFT called Moodle":     {"moodle-xml", "Who? {=A ~B}", nil, []string{"1 error not XML"}},

		"qti, one":              {"qti", item("choiceInteraction", "single", "identifier", "<value>A</value>", choices), []string{"single"}, []string{"3 warning Bold"}},
		"qti, several":          {"qti", item("choiceInteraction", "multiple", "identifier", "<value>A</value><value>B</value>", choices), []string{"multiple"}, []string{"3 warning Bold"}},
		"qti, an order":         {"qti", item("orderInteraction", "ordered", "identifier", "<value>B</value><value>A</value>", choices), []string{"ordering"}, []string{"3 warning Bold"}},
		"qti, pairs":            {"qti", item("matchInteraction", "multiple", "directedPair", "<value>A X</value><value>B Y</value>", `<simpleMatchSet><simpleAssociableChoice identifier="A">a</simpleAssociableChoice><simpleAssociableChoice identifier="B">b</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier="X">x</simpleAssociableChoice><simpleAssociableChoice identifier="Y">y</simpleAssociableChoice></simpleMatchSet>`), []string{"matching"}, []string{"3 warning Bold"}},
		"qti, an essay":         {"qti", item("extendedTextInteraction", "single", "string", "", ""), []string{"open"}, []string{"3 warning Bold"}},
		"qti, a word":           {"qti", item("textEntryInteraction", "single", "string", "<value>payoff</value>", ""), nil, []string{"1 error asks nothing"}},
		"qti, a slider":         {"qti", item("sliderInteraction", "single", "integer", "<value>3</value>", ""), nil, []string{"3 warning Bold", "3 error slider"}},
		"qti, no key":           {"qti", item("choiceInteraction", "single", "identifier", "", choices), nil, []string{"3 warning Bold", "2 error does not say"}},
		"qti, a key beyond":     {"qti", item("choiceInteraction", "single", "identifier", "<value>C</value>", choices), nil, []string{"3 warning Bold", "2 error none of the options"}},
		"qti 1.2":               {"qti", "<questestinterop/>", nil, []string{"1 error 1.2"}},
		"qti, a test of others": {"qti", "<assessmentTest>\n<assessmentItemRef href=\"a.xml\"/></assessmentTest>", nil, []string{"1 warning Sections", "2 error names its questions"}},
		"qti 3, a gap": {"qti", `<qti-assessment-item identifier="i"><qti-response-declaration identifier="R" cardinality="single" base-type="float"><qti-correct-response><qti-value>3.5</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><p>It takes <qti-text-entry-interaction response-identifier="R"/> days.</p></qti-item-body>
<qti-response-processing><qti-response-condition><qti-response-if><qti-equal tolerance-mode="absolute" tolerance="0.5 0.5"/></qti-response-if></qti-response-condition></qti-response-processing></qti-assessment-item>`, []string{"numeric"}, []string{"3 warning Scoring rules"}},
		"qti 3, a word chosen": {"qti", `<qti-assessment-item identifier="i"><qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><p>Ask <qti-inline-choice-interaction response-identifier="R"><qti-inline-choice identifier="a">last</qti-inline-choice><qti-inline-choice identifier="b">first</qti-inline-choice></qti-inline-choice-interaction>.</p></qti-item-body></qti-assessment-item>`, []string{"single"}, nil},
		"qti, two gaps": {"qti", `<assessmentItem><itemBody><p><textEntryInteraction responseIdentifier="A"/> and <textEntryInteraction responseIdentifier="B"/></p></itemBody></assessmentItem>`, nil, []string{"1 error 2 things"}},
	} {
		t.Run(name, func(t *testing.T) {
			reads(t, c.format, []byte(c.text), c.kinds, c.problems)
		})
	}
}

func TestReadXMLKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	got, _ := bank.Read("moodle-xml", []byte(moodle(moodleQuestion("multichoice", `<defaultgrade>2</defaultgrade><generalfeedback format="html"><text>Because.</text></generalfeedback><hint><text>Look up.</text></hint><answer fraction="100"><text>Ask</text><feedback><text>Yes.</text></feedback></answer><answer fraction="0"><text>Tell</text></answer>`))))
	want := "### What now? {#q-name points=2}\n- (x) Ask\n  > Yes.\n- ( ) Tell\n? Look up.\n! Because.\n"
	if len(got.Questions) != 1 || got.Questions[0].Markdown != want {
		t.Errorf("%+v, want %s", got, want)
	}
}

func TestReadQTIZip(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"imsmanifest.xml": "<manifest/>",
		"items/a.xml":     strings.Replace(item("choiceInteraction", "single", "identifier", "<value>A</value>", `<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>`), "<b>now</b>", "now", 1),
		"items/b.xml":     "<assessmentItem>\n<itemBody></assessmentItem>",
		"picture.png":     "\x89PNG",
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	got := reads(t, "qti", b.Bytes(), []string{"single"}, []string{"2 error cannot be read"})
	if got.Problems[0].File != "items/b.xml" {
		t.Errorf("the problem names %q, not its file", got.Problems[0].File)
	}
}
