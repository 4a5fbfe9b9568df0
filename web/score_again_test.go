package web

import (
	"net/url"
	"strings"
	"testing"
)

func TestTryingAgain(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	id := p.pasted()
	desk, at := "/score/"+id, "/attempts/"+id
	v := sheetValues("0", "4", "2")
	v.Set("do", "comment")
	v.Set("comment_turn", "4")
	v.Set("comment_text", "And then?")
	v.Set("try_next", "One more question.")
	p.do(303, "POST", desk, v, p.ana)
	page := p.do(200, "GET", desk, nil, p.ana)
	comment, _ := page.doc.Find("#comments textarea").Attr("id")
	number := strings.TrimPrefix(comment, "edit_")
	edit := sheetValues("1", "4", "2")
	edit.Set("do", "edit:"+number)
	edit.Set("edit_"+number, "What follows?")
	edit.Set("was_"+number, "And then?")
	p.do(303, "POST", desk, edit, p.ana)
	if got := p.do(200, "GET", desk, nil, p.ana); !strings.Contains(got.text("#comments"), "What follows?") {
		t.Errorf("the comment reads %s", got.text("#comments"))
	}
	late := sheetValues("2", "4", "2")
	late.Set("do", "edit:"+number)
	late.Set("edit_"+number, "My other words.")
	late.Set("was_"+number, "And then?")
	stale := p.do(409, "POST", desk, late, p.ana)
	if !strings.Contains(stale.text(".diff"), "What follows?") || stale.doc.Find("#"+comment).Text() != "My other words." {
		t.Errorf("two windows: %s", stale.text("main"))
	}

	if refused := p.do(422, "POST", desk+"/again", url.Values{"again": {"no"}}, p.ana); refused.doc.Find("#again").Text() != "no" || refused.doc.Find("#send-back[open]").Length() != 1 {
		t.Errorf("without a reason: %s", refused.text("#send-back"))
	}
	reason := url.Values{"again": {"Ask what the stop leads to."}}
	p.do(404, "POST", desk+"/again", reason, p.dana)
	p.do(303, "POST", desk+"/again", reason, p.ana)
	p.do(303, "POST", desk+"/again", reason, p.ana)
	if queue := p.do(200, "GET", "/score", nil, p.ana); !strings.Contains(queue.text("#sent-back"), "Dana Okafor") {
		t.Errorf("the queue: %s", queue.text("main"))
	}
	mine := p.do(200, "GET", at, nil, p.dana)
	if !strings.Contains(mine.text(".banner.warn"), "Ask what the stop leads to.") || !strings.Contains(mine.text("#earlier-1"), "One more question.") || mine.doc.Find("form[action$='/submit']").Length() != 1 {
		t.Errorf("the rep reads: %s", mine.text("main"))
	}
	p.do(303, "POST", at+"/submit", nil, p.dana)
	again := p.do(200, "GET", desk, nil, p.ana)
	if again.doc.Find("input[type=radio][checked]").Length() != 0 || again.doc.Find("#earlier-1").Length() != 1 {
		t.Errorf("the desk after it: %s", again.text("main"))
	}
	if bens := p.do(200, "GET", desk, nil, p.ben); strings.Contains(bens.Body.String(), "One more question.") || strings.Contains(bens.Body.String(), "what the stop leads to.") {
		t.Error("another coach reads the first sheet before writing one")
	}
}

func TestNotTriggeredAtTheDesk(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	id := p.pasted()
	desk := "/score/" + id
	if page := p.do(200, "GET", desk, nil, p.ana); !strings.Contains(page.text("#level_need_payoff .untriggered"), "how useful a solution would be") {
		t.Errorf("what it needs is not said: %s", page.text("#level_need_payoff"))
	}
	v := sheetValues("0", "4", "4", "4", "4", "4", "4")
	v.Set("never_need_payoff", "yes")
	if refused := p.do(422, "POST", desk, v, p.ana); refused.doc.Find("input[name=never_need_payoff][checked]").Length() != 1 || !strings.Contains(refused.text("[role=alert]"), "not both") {
		t.Errorf("a level and not triggered: %s", refused.text("main"))
	}
	v.Set("level_need_payoff", "")
	v.Set("why_need_payoff", "She told no effect of the stops.")
	v.Set("do", "review")
	at := p.do(303, "POST", desk, v, p.ana).Header().Get("Location")
	if review := p.do(200, "GET", at, nil, p.ana); !strings.Contains(review.text("main"), "Not triggered: left out of the total, never zero. She told no effect of the stops.") || review.doc.Find("form[action$='/release']").Length() != 1 {
		t.Errorf("the review: %s", review.text("main"))
	}
}
