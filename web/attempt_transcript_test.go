package web

import (
	"net/url"
	"strings"
	"testing"
)

func TestRepairingATranscript(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"transcript"}}, p.dana).Header().Get("Location")
	const three = "Pat: Hello, I am new here.\nMartin: You’ve got ten minutes.\nSam: I only listen.\nPat: What stops the line?\nMartin: Changeovers.\nSam: Indeed."
	asked := p.do(200, "POST", at+"/transcript", url.Values{"do": {"paste"}, "text": {three}}, p.dana)
	if asked.doc.Find("#speakers select").Length() != 3 || asked.doc.Find("#text").Text() != three || asked.doc.Find(".transcript.repair").Length() != 0 {
		t.Fatalf("three people: %s", asked.text("main"))
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"labels"}, "text": {three}, "label_0": {"Martin"}, "side_0": {"buyer"}, "label_1": {"Pat"}, "side_1": {"rep"}, "label_2": {"Sam"}, "side_2": {""}}, p.dana)
	turns := func() []string {
		var out []string
		page := p.do(200, "GET", at, nil, p.dana)
		for _, li := range page.doc.Find(".transcript.repair li").EachIter() {
			side, _ := li.Find("option[selected]").First().Attr("value")
			out = append(out, side+": "+strings.TrimSpace(li.Find("p").First().Text()))
		}
		return out
	}
	if got := turns(); len(got) != 4 || got[0] != "rep: Hello, I am new here." || got[3] != "buyer: Changeovers." {
		t.Fatalf("the turns are %q", got)
	}
	if refused := p.do(422, "POST", at+"/transcript", url.Values{"do": {"split:3"}, "words_3": {"What stops the line?"}}, p.dana); !strings.Contains(refused.text("#turn-3"), "Put an empty line") {
		t.Errorf("a split without a place: %s", refused.text("#turn-3"))
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"split:3"}, "words_3": {"What stops\n\nthe line?"}}, p.dana)
	if got := turns(); len(got) != 5 || got[2] != "rep: What stops" || got[3] != "buyer: the line?" {
		t.Errorf("split: %q", got)
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"join:3"}}, p.dana)
	if got := turns(); len(got) != 4 || got[2] != "rep: What stops the line?" {
		t.Errorf("joined: %q", got)
	}
	p.do(422, "POST", at+"/transcript", url.Values{"do": {"join:9"}}, p.dana)
	p.do(422, "POST", at+"/transcript", url.Values{"do": {"turn upside down"}}, p.dana)
	p.do(409, "POST", at+"/transcript", url.Values{"do": {"join:1"}, "version": {"1"}}, p.dana)
}
