package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestADiscussionAsForms(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	const talk = asking + "/implication-questions/discussion"
	if page := p.do(200, "GET", talk, nil, p.dana); page.doc.Find(".empty").Length() != 1 {
		t.Error("without a thread the page says nothing")
	}
	hostile := "<script>alert(1)</script> see https://example.com/a?b=1&c=\"x\", javascript:alert(2) @Ana Ruiz"
	to := p.do(303, "POST", talk, url.Values{"text": {hostile}}, p.dana).Header().Get("Location")
	page := p.do(200, "GET", talk, nil, p.ana)
	body := page.doc.Find(".thread .kept-lines")
	if body.Text() != hostile || body.Find("script").Length() != 0 || body.Find(".mention").Text() != "@Ana Ruiz" {
		t.Errorf("hostile text reads %s", page.text(".thread"))
	}
	if at, _ := body.Find("a").Attr("href"); at != "https://example.com/a?b=1&c=" || body.Find("a").Length() != 1 {
		t.Errorf("it links to %q", at)
	}
	if note := p.do(200, "GET", "/me/notices", nil, p.ana); !strings.Contains(note.text(".rows"), "Dana Okafor mentions you") {
		t.Errorf("Ana is told %q", note.text(".rows"))
	}
	id := to[strings.LastIndex(to, "-")+1:]
	p.do(303, "POST", talk, url.Values{"thread": {id}, "form": {"reply:" + id}, "text": {"The one who asks."}}, p.ana)
	long := p.do(422, "POST", talk, url.Values{"thread": {id}, "form": {"reply:" + id}, "text": {strings.Repeat("a", 4001)}}, p.ana)
	if len(long.text("#reply-"+id)) != 4001 || long.text(".thread [role=alert], .thread .error") == "" {
		t.Error("a reply that is too long loses its words, or says nothing")
	}
	if ask := long.text("#text"); ask != "" {
		t.Errorf("the words of a reply stand in the form of a question: %d", len(ask))
	}
	p.do(303, "POST", "/posts/"+id, url.Values{"do": {"edit"}, "on": {"1"}, "text": {"Again"}}, p.dana)
	stale := p.do(http.StatusConflict, "POST", "/posts/"+id, url.Values{"do": {"edit"}, "on": {"1"}, "text": {"Mine"}}, p.dana)
	if stale.text("#edit-"+id) != "Mine" || !strings.Contains(stale.text("#post-"+id+" .banner"), "Again") {
		t.Errorf("two windows: %s", stale.text("#post-"+id))
	}
	p.do(422, "POST", "/posts/"+id, url.Values{"do": {"hide"}, "reason": {""}}, p.mo)
	p.do(303, "POST", "/posts/"+id, url.Values{"do": {"hide"}, "reason": {"It names a customer."}}, p.mo)
	if hidden := p.do(200, "GET", talk, nil, p.ana); strings.Contains(hidden.text(".thread"), "Again") || !strings.Contains(hidden.text(".thread"), "It names a customer.") {
		t.Errorf("hidden, it reads %s", hidden.text(".thread"))
	}
	p.do(303, "POST", "/posts/"+id, url.Values{"do": {"show"}}, p.mo)
	p.do(303, "POST", "/posts/"+id, url.Values{"do": {"answer"}}, p.dana)
	if done := p.do(200, "GET", talk, nil, p.ana); !strings.Contains(done.text(".thread"), "Answered") {
		t.Error("an answered thread does not say so")
	}
	p.do(303, "POST", "/posts/"+id, url.Values{"do": {"delete"}}, p.dana)
	if gone := p.do(200, "GET", talk, nil, p.ana); !strings.Contains(gone.text(".thread"), "deleted this post") || strings.Contains(gone.text(".thread"), "Again") {
		t.Errorf("deleted, it reads %s", gone.text(".thread"))
	}
	p.do(404, "POST", "/posts/"+id, url.Values{"do": {"anything"}}, p.dana)
}
