package web

import (
	"net/url"
	"strings"
	"testing"
)

func init() {
	pageData["search/search"] = searchPage{}
	pageData["library/document"] = readPage{}
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	found := p.do(200, "GET", "/search?q="+url.QueryEscape("implications"), nil, p.dana)
	if found.doc.Find("mark").Length() == 0 || found.doc.Find(`.found a[href^="/learn/"]`).Length() == 0 {
		t.Errorf("of implications the page says %s", found.text("main"))
	}
	for _, a := range found.doc.Find(".found a").EachIter() {
		to, _ := a.Attr("href")
		p.do(200, "GET", to, nil, p.dana)
	}
	slip := p.do(200, "GET", "/search?q=implicatoin", nil, p.dana)
	if !strings.Contains(slip.text("main"), "what was found for implication") || slip.doc.Find(".found li").Length() == 0 {
		t.Errorf("of a slip of the fingers the page says %s", slip.text("main"))
	}
	none := p.do(200, "GET", "/search?q=zzzzqqqq", nil, p.dana)
	if !strings.Contains(none.text(".empty"), "Nothing found") {
		t.Errorf("of nothing the page says %s", none.text("main"))
	}
	p.do(422, "GET", "/search?q="+strings.Repeat("a", 201), nil, p.dana)
	p.do(422, "GET", "/search?q=a&kind=secret", nil, p.dana)
	empty := p.do(200, "GET", "/search", nil, p.dana)
	if !strings.Contains(empty.text(".empty"), "What are you looking for?") {
		t.Errorf("of no words the page says %s", empty.text("main"))
	}
	hostile := p.do(200, "GET", "/search?q="+url.QueryEscape(`<script>alert(1)</script> "unclosed | & ! :* \ ' question`), nil, p.dana)
	if hostile.doc.Find("main script").Length() != 0 {
		t.Error("a script came back")
	}
	p.do(200, "GET", "/search?q="+url.QueryEscape("que\x00st\xff"), nil, p.dana)
}

// TestSearchPages follows one kind to its end and meets each hit once.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	seen, next := map[string]bool{}, "/search?kind=lesson&q=buyer"
	total := ""
	for next != "" {
		page := p.do(200, "GET", next, nil, p.dana)
		if total == "" {
			total = strings.Fields(page.text(".section-head .muted"))[0]
		}
		for _, a := range page.doc.Find(".found a").EachIter() {
			to, _ := a.Attr("href")
			if seen[to] {
				t.Fatalf("%s is found twice", to)
			}
			seen[to] = true
		}
		next, _ = page.doc.Find("main a.button").Last().Attr("href")
	}
	if len(seen) <= hitsAPage {
		t.Errorf("%d lessons were found on all pages, of %s", len(seen), total)
	}
}

func TestTemplatesAreForLeads(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	of := func(path string) int { return p.do(200, "GET", path, nil, p.ana).doc.Find(".found li").Length() }
	if of("/search?kind=template&q=coach") == 0 {
		t.Error("a coach finds no template")
	}
	if rep := p.do(200, "GET", "/search?kind=template&q=coach", nil, p.dana); rep.doc.Find(".found li").Length() != 0 {
		t.Errorf("a rep finds %s", rep.text(".found"))
	}
}
