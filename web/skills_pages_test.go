package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pitchside/people"
	"pitchside/skills"

	"github.com/PuerkitoBio/goquery"
)

// seen records, as a system with an admin token does, levels of questioning that
// two coaches gave to Dana.
func (p pitch) seen(raw ...float64) (dana int64) {
	p.t.Helper()
	ctx := p.t.Context()
	var raters []int64
	if err := p.site.DB.QueryRow(ctx, `select id from persons where name = 'Dana Okafor'`).Scan(&dana); err != nil {
		p.t.Fatal(err)
	}
	for _, name := range []string{"Ana Ruiz", "Ben Ito"} {
		var id int64
		if err := p.site.DB.QueryRow(ctx, `select id from persons where name = $1`, name).Scan(&id); err != nil {
			p.t.Fatal(err)
		}
		raters = append(raters, id)
	}
	by := people.Actor{ID: raters[0], Capabilities: []people.Capability{people.Admin}, Token: true}
	for i, level := range raw {
		at := time.Now().AddDate(0, 0, -10*(i+1))
		if _, err := p.site.Skills.Observe(ctx, by, skills.Report{PersonID: dana, Skill: "question", Source: skills.FromCoach, RaterID: &raters[i%2], At: &at, Raw: &level}); err != nil {
			p.t.Fatal(err)
		}
	}
	return dana
}

func TestSkillPageIsTheSameForBoth(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	empty := p.do(200, "GET", "/skills", nil, p.dana)
	if got := empty.text(".empty h2"); got != "No level yet" {
		t.Errorf("before any evidence the page says %q", got)
	}
	missing := p.do(200, "GET", "/skills/question", nil, p.dana)
	if got := missing.text("#level-line strong"); got != "Not enough evidence yet (0 of 2 scored observations)." {
		t.Errorf("before any evidence the skill says %q", got)
	}
	dana := p.seen(2.5, 3, 2, 3.5)
	team := fmt.Sprintf("/team/%d/question", dana)
	rep, coach, manager := p.do(200, "GET", "/skills/question", nil, p.dana), p.do(200, "GET", team, nil, p.ana), p.do(200, "GET", team, nil, p.mo)
	for _, part := range []string{"#level-line strong", "#level-line .swatch", ".chart table", ".share-key", ".sum table", ".evidence .head", ".evidence .share"} {
		want := rep.text(part)
		if want == "" {
			t.Errorf("nothing in %s", part)
		}
		if got := coach.text(part); got != want {
			t.Errorf("%s: the coach reads %q, the rep %q", part, got, want)
		}
		if got := manager.text(part); got != want {
			t.Errorf("%s: the manager reads %q, the rep %q", part, got, want)
		}
	}
	if rep.text(".button.filled") != "Practise this" || coach.text(".button.filled") != "Assign to Dana" {
		t.Errorf("next: %q for the rep, %q for the coach", rep.text(".button.filled"), coach.text(".button.filled"))
	}
	var shares, adds float64
	rep.doc.Find(".sum tbody tr").Each(func(_ int, row *goquery.Selection) {
		var share, add float64
		_, _ = fmt.Sscanf(row.Find("td").Eq(2).Text(), "%f%%", &share)
		_, _ = fmt.Sscan(row.Find("td").Eq(3).Text(), &add)
		shares, adds = shares+share, adds+add
	})
	if fmt.Sprintf("%.1f%%", shares) != rep.doc.Find(".sum tfoot td").Eq(2).Text() || fmt.Sprintf("%.2f", adds) != rep.doc.Find(".sum tfoot td").Eq(3).Text() {
		t.Errorf("the lines add up to %.1f%% and %.2f, the foot says %s", shares, adds, rep.text(".sum tfoot"))
	}
	past := p.do(200, "GET", "/skills/question?at="+time.Now().AddDate(0, 0, -25).Format(time.DateOnly), nil, p.dana)
	if n := past.doc.Find(".evidence.out").Length(); n != 2 {
		t.Errorf("25 days ago %d pieces are left out, want 2", n)
	}
	p.do(422, "GET", "/skills/question?at=soon", nil, p.dana)
	p.do(404, "GET", "/skills/juggling", nil, p.dana)
	p.do(404, "GET", team, nil, p.ada)
}

func TestQuestionAndAnswerOnThePage(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	dana := p.seen(2)
	page := p.do(200, "GET", "/skills/question", nil, p.dana)
	ask, _ := page.doc.Find("form[action*=questions]").Attr("action")
	form := url.Values{"person": {fmt.Sprint(dana)}, "skill": {"question"}, "text": {" "}}
	again := p.do(422, "POST", ask, form, p.dana)
	if again.doc.Find("details[open] form[action='"+ask+"'] [role=alert]").Length() != 1 {
		t.Error("the form is not shown again, open, with what is missing")
	}
	form.Set("text", "The sound failed after a minute.")
	if to := p.do(303, "POST", ask, form, p.dana).Header().Get("Location"); to != "/skills/question#evidence" {
		t.Errorf("sent on to %s", to)
	}
	if got := p.do(200, "GET", "/skills/question", nil, p.dana).text(".asked"); !strings.Contains(got, "The sound failed after a minute.") {
		t.Errorf("the evidence is not marked: %q", got)
	}
	team := fmt.Sprintf("/team/%d/question", dana)
	if n := p.do(200, "GET", team, nil, p.ana).doc.Find("form[action*=answer]").Length(); n != 0 {
		t.Error("the coach who scored is offered to answer")
	}
	answer, ok := p.do(200, "GET", team, nil, p.ben).doc.Find("form[action*=answer]").Attr("action")
	if !ok {
		t.Fatal("another coach is not offered to answer")
	}
	form.Set("text", "Heard it; the sound is gone.")
	form.Set("leave_out", "yes")
	p.do(303, "POST", answer, form, p.ben)
	if got := p.do(200, "GET", "/skills/question", nil, p.dana).text(".evidence.out"); !strings.Contains(got, "It no longer counts.") {
		t.Errorf("after the answer: %q", got)
	}
}

func TestHeatmapPage(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	_, sam := p.person("Sam Lone", people.Coach)
	if got := p.do(200, "GET", "/team", nil, sam).text(".empty h2"); got != "Nobody is here yet" {
		t.Errorf("without anybody: %q", got)
	}
	dana := p.seen(1.5, 1.5, 1.5, 1.5)
	folded := p.do(200, "GET", "/team", nil, p.mo)
	if n := folded.doc.Find(".heatmap tbody td").Length(); n != 5 {
		t.Errorf("%d folded groups, want 5: Lead is for managers", n)
	}
	open := p.do(200, "GET", "/team?open=discover", nil, p.mo)
	cell := open.doc.Find(fmt.Sprintf(".heatmap a[href='/team/%d/question']", dana))
	label, _ := cell.Attr("aria-label")
	if cell.Text() != "2" || !cell.HasClass("gap") || !strings.HasPrefix(label, "Dana, Questioning, level 2, below target") || !strings.HasSuffix(label, "4 pieces") {
		t.Errorf("the cell reads %q and is called %q", cell.Text(), label)
	}
	unknown := open.doc.Find(fmt.Sprintf(".heatmap a[href='/team/%d/listen']", dana))
	if _, has := unknown.Attr("data-level"); has || unknown.Text() != "–" || !unknown.HasClass("unknown") {
		t.Errorf("an unknown cell reads %q", unknown.Text())
	}
	if got := open.text(".heatmap tfoot tr:last-child td:nth-child(3)"); got != "needs 5" {
		t.Errorf("the average of one person reads %q", got)
	}
	if href, _ := open.doc.Find("aside .button.filled").Attr("href"); href != fmt.Sprintf("/team/%d/question", dana) {
		t.Errorf("the next thing is %s", href)
	}
	coach := p.do(200, "GET", "/team", nil, p.ben)
	if n := coach.doc.Find(".heatmap tbody tr").Length(); n != 1 {
		t.Errorf("a coach sees %d people, want the coachee", n)
	}
	p.do(404, "GET", "/team?team=999999", nil, p.mo)
	if got := p.do(200, "GET", "/team?role=SDR", nil, p.mo).text(".empty h2"); got != "Nobody matches" {
		t.Errorf("a filter that nobody matches: %q", got)
	}
	file := p.do(200, "GET", "/team/heatmap.csv", nil, p.mo)
	lines, err := csv.NewReader(strings.NewReader(file.Body.String())).ReadAll()
	if err != nil || len(lines) != 1+19 || file.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d lines of %s, %v", len(lines), file.Header().Get("Content-Type"), err)
	}
	for _, line := range lines[1:] {
		if (line[6] == "hidden") != (line[8] == "") {
			t.Errorf("a hidden level has a number, or a known one has none: %v", line)
		}
	}
	p.do(http.StatusNotFound, "GET", "/team", nil, p.dana)
}
