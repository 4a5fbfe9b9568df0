package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/people"
	"pitchside/skills"

	"github.com/PuerkitoBio/goquery"
)

func init() {
	pageData["practice/list"] = practicePage{}
	pageData["practice/scenario"] = scenarioPage{}
	pageData["practice/worksheet"] = worksheetPage{}
	pageData["attempt/attempt"] = attemptPage{}
	pageData["attempt/sealed"] = sealedPage{}
	pageData["attempt/replay"] = replayPage{}
	pageData["score/queue"] = queuePage{}
	pageData["score/desk"] = deskPage{}
	pageData["score/review"] = releasePage{}
}

const calder = "spi1-packaging-stoppages"

// A pitch is an office with the library, a rep, two coaches, a manager and an admin.
type pitch struct {
	*office
	dana, ana, ben, mo, ada *http.Cookie
}

func newPitch(t *testing.T) pitch {
	t.Helper()
	p := pitch{office: newOffice(t)}
	s := p.site
	s.Content = &content.Service{DB: s.DB, Now: s.Now}
	if err := s.Content.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.Skills = &skills.Service{DB: s.DB, Content: s.Content, Now: s.Now}
	s.Courses = &courses.Service{DB: s.DB, Content: s.Content, Now: s.Now}
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.Assessments = &assessments.Service{DB: s.DB, Content: s.Content, Blobs: folder, Now: s.Now}
	var dana, ana, ben, mo people.Person
	dana, p.dana = p.person("Dana Okafor", people.Rep)
	ana, p.ana = p.person("Ana Ruiz", people.Coach)
	ben, p.ben = p.person("Ben Ito", people.Coach)
	mo, p.mo = p.person("Mo Berg", people.Manager)
	_, p.ada = p.person("Ada Minh", people.Admin)
	for _, one := range []struct {
		sql      string
		who, rep int64
	}{
		{`insert into coachings (coach_id, person_id) values ($1, $2)`, ana.ID, dana.ID},
		{`insert into coachings (coach_id, person_id) values ($1, $2)`, ben.ID, dana.ID},
		{`insert into managements (manager_id, person_id) values ($1, $2)`, mo.ID, dana.ID},
	} {
		if _, err := s.DB.Exec(context.Background(), one.sql, one.who, one.rep); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

const pastedCall = "Buyer: You’ve got ten minutes.\nRep: What gives you trouble on a bad week?\nBuyer: Line three stops.\nRep: And what does that stop lead to?"

// pasted starts an attempt of Dana's, pastes a transcript and submits it.
func (p pitch) pasted() string {
	p.t.Helper()
	at := p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"transcript"}}, p.dana).Header().Get("Location")
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"paste"}, "text": {pastedCall}}, p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	return strings.TrimPrefix(at, "/attempts/")
}

// sheet is a whole sheet as the desk posts it.
func sheetValues(version string, level ...string) url.Values {
	v := url.Values{"version": {version}, "keep": {"The silence."}, "try_next": {"One more question."}, "private_note": {"Nerves?"}}
	for i, id := range []string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"} {
		if i < len(level) {
			v.Set("level_"+id, level[i])
			v.Set("quote_"+id, "And what does that stop lead to?")
		}
	}
	return v
}

func TestPracticeAsText(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	list := p.do(200, "GET", "/practice", nil, p.dana)
	if !strings.Contains(list.text(".touchline"), "You have not tried it yet") || list.doc.Find(".rows a[href='/practice/"+calder+"']").Length() != 1 {
		t.Errorf("the list: %s", list.text("main"))
	}
	if none := p.do(200, "GET", "/practice?skill=none", nil, p.dana); none.doc.Find(".empty").Length() != 1 {
		t.Error("no empty state for filters that fit nothing")
	}
	brief := p.do(200, "GET", "/practice/"+calder, nil, p.dana)
	if strings.Contains(brief.Body.String(), "What is hidden") || brief.doc.Find(".anchor-list").Length() != 6 {
		t.Error("the brief shows the buyer's side, or not the six criteria")
	}
	if held := p.do(200, "GET", "/practice/"+calder, nil, p.ana); !strings.Contains(held.Body.String(), "What is hidden") || held.doc.Find("button[name=form]").Length() != 0 {
		t.Error("a coach does not hold the buyer card, or may start an attempt")
	}
	at := p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"text"}}, p.dana).Header().Get("Location")
	for n := 0; ; n++ {
		page := p.do(200, "GET", at, nil, p.dana)
		choices := page.doc.Find("button[name=choice]")
		if choices.Length() == 0 {
			if page.text("#debrief") == "" || page.doc.Find("form[action$='/submit'] .filled").Length() != 1 {
				t.Fatalf("the end has no debrief or no way to submit: %s", page.text("main"))
			}
			break
		}
		if strings.Contains(strings.ToLower(page.text("main")), "trust") && n == 0 {
			t.Error("the state is shown in play")
		}
		choice, _ := choices.First().Attr("value")
		form := url.Values{"choice": {choice}, "seq": {page.value("input[name=seq]")}}
		p.do(303, "POST", at+"/turns", form, p.dana)
		p.do(303, "POST", at+"/turns", form, p.dana) // the double click
	}
	p.do(404, "GET", at, nil, p.ana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	page := p.do(200, "GET", at, nil, p.dana)
	if page.text(".lifecycle [aria-current]") == "" || !strings.Contains(page.text(".lifecycle [aria-current]"), "Submitted") || page.doc.Find(".transcript li").Length() < 3 {
		t.Errorf("after submission: %s", page.text("main"))
	}
	p.do(200, "GET", at, nil, p.ana)
	if seen := p.do(200, "GET", at, nil, p.dana); !strings.Contains(seen.text("#views ~ ul"), "Ana Ruiz") {
		t.Error("the rep does not read who opened it")
	}
}

func TestPasteATranscript(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"transcript"}}, p.dana).Header().Get("Location")
	unnamed := "You’ve got ten minutes.\n\nWhat gives you trouble?\n\nLine three."
	refused := p.do(422, "POST", at+"/transcript", url.Values{"do": {"paste"}, "text": {unnamed}}, p.dana)
	if refused.doc.Find("#text").Text() != unnamed || !strings.Contains(refused.text("[role=alert]"), "who is speaking") || refused.doc.Find("button[value=alternate]").Length() != 1 {
		t.Errorf("a text without speakers: %s", refused.text("main"))
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"alternate"}, "first": {"buyer"}, "text": {unnamed}}, p.dana)
	sides := func() string {
		var out []string
		p.do(200, "GET", at, nil, p.dana).doc.Find(".repair option[selected]").Each(func(_ int, s *goquery.Selection) { out = append(out, s.AttrOr("value", "")) })
		return strings.Join(out, " ")
	}
	if got := sides(); got != "buyer rep buyer" {
		t.Errorf("after the split: %s", got)
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"speakers"}, "speaker_1": {"rep"}}, p.dana)
	if got := sides(); got != "rep rep buyer" {
		t.Errorf("after a repair: %s", got)
	}
	p.do(303, "POST", at+"/transcript", url.Values{"do": {"swap"}}, p.dana)
	if got := sides(); got != "buyer buyer rep" {
		t.Errorf("after the swap: %s", got)
	}
	stale := p.do(409, "POST", at+"/transcript", url.Values{"do": {"paste"}, "text": {pastedCall}, "version": {"1"}}, p.dana)
	if !strings.Contains(stale.text(".diff"), "What gives you trouble?") || stale.doc.Find("#text").Text() != pastedCall {
		t.Errorf("two windows: %s", stale.text("main"))
	}
	p.do(404, "POST", at+"/transcript", url.Values{"do": {"swap"}}, p.ana)
	p.do(303, "POST", at+"/self", sheetValues("0", "4", "4", "4", "4", "4", "4"), p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	if after := p.do(200, "GET", at, nil, p.dana); !strings.Contains(after.text("details"), "Your own score") {
		t.Errorf("the self-score is not kept: %s", after.text("main"))
	}
	p.do(303, "POST", at+"/withdraw", url.Values{}, p.dana)
	p.do(404, "GET", at, nil, p.ana)
}

// What a coach says of a question's kind stands in place of the suggestion, and
// nobody out of sight can say it.
func TestKindOfAQuestion(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	id := p.pasted()
	page := p.do(200, "GET", "/attempts/"+id, nil, p.ana)
	if page.doc.Find("#questions li").Length() == 0 || !strings.Contains(page.text("#questions li"), "Suggested") {
		t.Fatalf("no question with its suggestion: %s", page.text("#questions"))
	}
	to := "/attempts/" + id + "/questions/0"
	p.do(404, "POST", to, url.Values{"tag": {"problem"}}, p.mo)
	p.do(404, "POST", "/attempts/"+id+"/questions/99", url.Values{"tag": {"problem"}}, p.ana)
	p.do(422, "POST", to, url.Values{"tag": {"pitch"}}, p.ana)
	p.do(303, "POST", to, url.Values{"tag": {"implication"}}, p.ana)
	p.do(303, "POST", to, url.Values{"tag": {"need_payoff"}}, p.ana)
	page = p.do(200, "GET", "/attempts/"+id, nil, p.dana)
	first := page.doc.Find("#questions li").First()
	if got, _ := first.Find("option[selected]").Attr("value"); got != "need_payoff" || !strings.Contains(first.Text(), "Said by Ana") {
		t.Errorf("the newest word does not stand: %s", first.Text())
	}
}

func TestScoringDesk(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	if empty := p.do(200, "GET", "/score", nil, p.ana); empty.doc.Find(".empty").Length() != 1 {
		t.Error("the empty queue has no empty state")
	}
	id := p.pasted()
	desk := "/score/" + id
	if queue := p.do(200, "GET", "/score", nil, p.ana); queue.doc.Find(".filled[href='"+desk+"']").Length() != 1 {
		t.Errorf("the queue: %s", queue.text("main"))
	}
	for _, who := range []*http.Cookie{p.dana, p.mo, p.ada} {
		p.do(404, "GET", desk, nil, who)
	}
	page := p.do(200, "GET", desk, nil, p.ana)
	if page.doc.Find("fieldset.criterion").Length() != 6 || page.doc.Find("input[type=radio]").Length() != 36 || page.doc.Find(".transcript li").Length() != 4 {
		t.Errorf("the desk: %s", page.text("main"))
	}
	v := sheetValues("0", "4")
	v.Set("target", "situation_economy")
	v.Set("quote_situation_economy", "")
	v.Set("do", "quote:2")
	p.do(303, "POST", desk, v, p.ana)
	page = p.do(200, "GET", desk, nil, p.ana)
	if page.doc.Find("#quote_situation_economy").Text() != "What gives you trouble on a bad week?" || page.value("input[name=version]") != "1" {
		t.Errorf("a quoted line: %s", page.text("#level_situation_economy"))
	}
	bad := sheetValues("1", "4")
	bad.Set("at_situation_economy", "soon")
	if refused := p.do(422, "POST", desk, bad, p.ana); refused.value("#at_situation_economy") != "soon" || !strings.Contains(refused.text("[role=alert]"), "minutes and seconds") {
		t.Errorf("a moment that is none: %s", refused.text("main"))
	}
	v = sheetValues("1", "4", "4")
	v.Set("do", "comment")
	v.Set("comment_turn", "4")
	v.Set("comment_about", "implication")
	v.Set("comment_text", "This is the question.")
	p.do(303, "POST", desk, v, p.ana)
	stale := p.do(409, "POST", desk, sheetValues("1", "2"), p.ana)
	if !strings.Contains(stale.text(".diff"), "Situation economy: 4") || stale.doc.Find("input[name=level_situation_economy][value='2'][checked]").Length() != 1 || stale.value("input[name=version]") != "2" {
		t.Errorf("a sheet saved twice: %s", stale.text("main"))
	}
	v = sheetValues("2", "4", "4", "2", "4", "n")
	v.Set("do", "review")
	review := p.do(303, "POST", desk, v, p.ana).Header().Get("Location")
	if r := p.do(200, "GET", review, nil, p.ana); !strings.Contains(r.text("[role=alert]"), "Commitment is not scored yet") {
		t.Errorf("the review of half a sheet: %s", r.text("main"))
	}
	p.do(422, "POST", desk+"/release", url.Values{}, p.ana)
	got := p.autosave(desk, sheetValues("3", "5", "5", "2", "5", "n", "5"), p.ana)
	if got["version"] != float64(4) || got["decided"] != float64(6) || got["overall"] != "49.9" || got["capped"] != "Implication" {
		t.Errorf("autosave = %v", got)
	}
	if r := p.do(200, "GET", review, nil, p.ana); r.doc.Find("form[action$='/release'] .filled").Length() != 1 || !strings.Contains(r.text(".banner.warn"), "Capped by Implication") {
		t.Errorf("the review: %s", r.text("main"))
	}
	p.do(303, "POST", desk+"/release", url.Values{}, p.ana)
	p.do(303, "POST", desk+"/release", url.Values{}, p.ana)
	page = p.do(200, "GET", desk, nil, p.ana)
	if page.doc.Find("form[action$='/recall']").Length() != 1 || page.doc.Find("#sheet").Length() != 0 {
		t.Errorf("after release: %s", page.text("main"))
	}
	p.readReleased(id)
	p.do(303, "POST", desk+"/recall", url.Values{}, p.ana)
	if back := p.do(200, "GET", "/attempts/"+id, nil, p.dana); back.doc.Find(".figure").Length() != 0 {
		t.Error("the rep still reads a sheet that was taken back")
	}
}

// readReleased looks at a released attempt as everybody who may, or may not.
func (p pitch) readReleased(id string) {
	p.t.Helper()
	at := "/attempts/" + id
	mine := p.do(200, "GET", at, nil, p.dana)
	if mine.text(".figure") == "" || !strings.Contains(mine.text("main"), "One more question.") || !strings.Contains(mine.text(".transcript"), "This is the question.") || strings.Contains(mine.Body.String(), "Nerves?") {
		p.t.Errorf("the rep reads: %s", mine.text("main"))
	}
	p.do(422, "POST", at+"/reflection", url.Values{"reflection": {" "}}, p.dana)
	p.do(303, "POST", at+"/reflection", url.Values{"reflection": {"Ask what it does to Friday."}}, p.dana)
	managers := p.do(200, "GET", at, nil, p.mo)
	if managers.text(".figure") == "" || managers.doc.Find(".transcript").Length() != 0 || strings.Contains(managers.Body.String(), "ten minutes") {
		p.t.Errorf("the manager reads: %s", managers.text("main"))
	}
	p.do(303, "POST", at+"/share", url.Values{"open": {"yes"}}, p.dana)
	if shared := p.do(200, "GET", at, nil, p.mo); shared.doc.Find(".transcript").Length() != 1 {
		p.t.Error("sharing does not open the conversation to the manager")
	}
	if blind := p.do(200, "GET", "/score/"+id, nil, p.ben); strings.Contains(blind.Body.String(), "One more question.") {
		p.t.Error("another coach reads Ana's sheet before writing one")
	}
	sealed := p.do(200, "GET", at, nil, p.ada)
	if sealed.doc.Find("#reason").Length() != 1 || strings.Contains(sealed.Body.String(), "ten minutes") {
		p.t.Errorf("the admin reads: %s", sealed.text("main"))
	}
	p.do(422, "POST", at+"/break-glass", url.Values{"reason": {"why"}}, p.ada)
	p.do(303, "POST", at+"/break-glass", url.Values{"reason": {"A complaint about this call."}}, p.ada)
	if open := p.do(200, "GET", at, nil, p.ada); open.doc.Find(".transcript").Length() != 1 {
		p.t.Error("the reason does not open the attempt")
	}
}

// autosave posts a sheet as the page's script does.
func (p pitch) autosave(path string, form url.Values, who *http.Cookie) map[string]any {
	p.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.AddCookie(who)
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	got := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		p.t.Fatal(fmt.Errorf("%d %s: %w", w.Code, w.Body, err))
	}
	return got
}
