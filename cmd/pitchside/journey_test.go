package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestJourney walks the whole loop in a real browser, as the people who live
// it: a lesson, a role-play, its score, the level that moves, the 1:1, and the
// CRM export beside the heatmap. Axe looks at every page on the way, in light
// and wide, in dark and narrow.
func TestJourney(t *testing.T) {
	app := newTestApp(t)
	b := newBrowser(t, app.url)
	rep := b.as(t, "rep@pitchside.example")
	before := learn(rep)
	attempt := practise(rep)
	coach := b.as(t, "coach@pitchside.example")
	scoreByKeyboard(coach, attempt)
	manager := b.as(t, "manager@pitchside.example")
	why(rep, manager, before)
	coachTwice(rep, coach)
	admin := b.as(t, "admin@pitchside.example")
	importCRM(t, admin, manager)
	assign(manager)
	rounds(b, t, rep, coach, manager, admin)
}

// learn reads the lesson that is next and answers its checks; it returns the
// level page of Questioning as it was.
func learn(v *visitor) string {
	v.open("/today")
	if n := eval[int](v, `document.querySelectorAll("main .button.filled").length`); n != 1 {
		v.t.Errorf("Today has %d filled buttons, want one", n)
	}
	v.open("/learn/questions-for-large-sales")
	v.reads("3 of 7", "Implication questions")
	v.click("Implication questions")
	v.at("/learn/questions-for-large-sales/implication-questions")
	// The button that ends the lesson names what is missing, and loses nothing.
	v.click("What do those four hours do")
	v.click("Check and finish")
	v.until(`document.querySelector("main .summary")`)
	v.look()
	v.reads("Right:")
	v.fill("#q-cost-of-tuesday-field", "288")
	v.press(`[data-question="q-cost-of-tuesday"] button`)
	v.waits("4 people × 3 hours")
	for _, line := range []string{"What’s that half worth", "(Nothing. You wait.)", "If you’d seen that stop coming"} {
		v.click(line)
	}
	v.click("Check and finish")
	v.waits("Lesson done")
	v.reads("4 of 7 lessons", "3 of 3 checks right")
	v.open("/learn")
	v.reads("4 of 7")
	v.open("/skills/question")
	return v.text("main")
}

// practise talks to the buyer until it ends, scores it and submits; it returns
// the attempt's address.
func practise(v *visitor) string {
	v.open("/practice")
	v.click("Calder Cartons")
	v.at("/practice/spi1-packaging-stoppages")
	if html := eval[string](v, `document.documentElement.outerHTML`); strings.Contains(html, "What is hidden") || strings.Contains(html, "She was down two hours") {
		v.t.Error("the buyer’s side reaches the rep before the attempt has ended")
	}
	v.click("Start attempt")
	v.at("/attempts/")
	path := v.where()
	path, _, _ = strings.Cut(path, "#")
	for range 20 {
		if eval[bool](v, `!document.querySelector("[data-choices] .option")`) {
			break
		}
		said := eval[int](v, `+document.querySelector("[name=seq]").value`)
		v.press("[data-choices] .option")
		v.until(fmt.Sprintf(`!document.querySelector("[name=seq]") || +document.querySelector("[name=seq]").value > %d`, said))
	}
	v.reads("What you were after")
	v.click("Score yourself")
	for _, c := range []string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"} {
		v.press(fmt.Sprintf(`#level_%s label:nth-of-type(3)`, c))
	}
	v.send("Keep my score")
	v.send("Submit")
	v.until(`document.querySelector("main").innerText.includes("Submitted")`)
	v.at(path)
	return path
}

// scoreByKeyboard scores the attempt without a pointer, releases it, takes it
// back and releases it again.
func scoreByKeyboard(v *visitor, attempt string) {
	v.open("/score")
	v.reads("Dana Okafor")
	desk := strings.Replace(attempt, "/attempts/", "/score/", 1)
	v.open(desk)
	v.reads("0 of 6 scored")
	eval[int](v, `document.querySelector("#level_situation_economy input").focus(), 0`)
	for i := range 6 {
		v.keys("q") // quotes the line in focus for the criterion in focus
		if i == 5 {
			v.keys("n")
		} else {
			v.keys("4")
		}
		v.until(fmt.Sprintf(`document.getElementById("decided").innerText.startsWith("%d of 6")`, i+1))
	}
	v.fill("#keep", "You waited after the second question, and he filled the silence.")
	v.fill("#try_next", "Ask what one stop did to one person.")
	v.fill("#private_note", "Sounded tired. Ask how the week is.")
	v.until(`document.getElementById("saved").innerText.includes("Saved")`)
	v.click("Review and release")
	v.at(desk + "/review")
	v.reads("Release to Dana Okafor?")
	v.keys("\r")
	v.until(`document.querySelector("form[action$=recall] button")`)
	v.send("Take it back")
	v.until(`document.getElementById("decided")`)
	v.reads("6 of 6 scored")
	v.click("Review and release")
	v.at(desk + "/review")
	v.send("Release")
	v.until(`document.querySelector("form[action$=recall] button")`)
}

// why compares what the rep and the manager read: the same page with the same
// data, whose shares add up.
func why(rep, manager *visitor, before string) {
	rep.open("/skills/question")
	mine := rep.text("main")
	if mine == before {
		rep.t.Error("the level page says the same before and after a released score")
	}
	rep.reads("Level 3", "target", "Starting assumption", "of the level")
	dana := eval[string](manager, `fetch("/team").then((r) => r.text()).then((h) => new DOMParser().parseFromString(h, "text/html"))
		.then((d) => [...d.querySelectorAll("th a, summary a, a")].find((a) => a.textContent.trim() === "Dana Okafor").getAttribute("href"))`)
	manager.open(dana)
	manager.open(strings.TrimSuffix(dana, "/") + "/question")
	for _, what := range []string{".figure, .level.big", ".shares", "[data-evidence], .evidence"} {
		of := fmt.Sprintf(`[...document.querySelectorAll(%q)].map((e) => e.innerText).join("\n")`, what)
		if a, b := eval[string](rep, of), eval[string](manager, of); a != b {
			rep.t.Errorf("rep and manager read different %s:\n%s\n---\n%s", what, a, b)
		}
	}
	if html := eval[string](manager, `document.documentElement.outerHTML`); strings.Contains(html, "Sounded tired") {
		manager.t.Error("the coach’s private note reaches the manager")
	}
}

// coachTwice holds two sessions: the second opens on what the first agreed, and
// will not close before each is settled.
func coachTwice(rep, coach *visitor) {
	rep.open("/coaching")
	rep.click("Ana Ruiz")
	rep.at("/coaching/")
	path, _, _ := strings.Cut(rep.where(), "#")
	rep.fill("#agenda", "Why do I show the product too soon?")
	rep.send("Save agenda")
	rep.waits("Your coach sees it now")
	coach.open(path)
	coach.reads("Why do I show the product too soon?", "New since")
	coach.send("Share and close") // what was promised before is still open
	coach.waits("First settle")
	settleAll(coach, path)
	coach.fill("#shared", "We listened to minute six together.")
	coach.fill("#private", "Keep the praise for the end.")
	coach.send("Save notes")
	coach.waits("Saved.")
	for _, what := range []string{"Ask one effect in each call", "Write three effects into the next plan"} {
		coach.fill("#behaviour", what)
		coach.fill("#evidence", "Two recorded calls")
		coach.send("Add commitment")
		coach.waits("Agreed")
	}
	coach.send("Share and close")
	coach.waits("Shared and closed")
	rep.open("/today")
	rep.reads("Ask one effect in each call")

	coach.open("/coaching")
	dana := eval[string](coach, `[...document.querySelectorAll("#rep_ids option")].find((o) => o.textContent === "Dana Okafor").value`)
	coach.set("#rep_ids", dana)
	coach.set("#day", time.Now().AddDate(0, 0, 9).Format(time.DateOnly))
	coach.send("Plan it")
	coach.at("/coaching/")
	coach.reads("Ask one effect in each call", "Write three effects into the next plan", "2 promises")
	coach.send("Share and close")
	coach.waits("First settle")
	path, _, _ = strings.Cut(strings.TrimSuffix(coach.where(), "/close"), "#")
	settleAll(coach, path)
	coach.send("Share and close")
	coach.waits("Shared and closed")
}

// settleAll says of each open promise that it was kept.
func settleAll(v *visitor, path string) {
	for range 6 {
		v.open(path)
		if eval[bool](v, `![...document.querySelectorAll("details[open] [name=reason]")].some((e) => !e.closest("li").querySelector(".tag"))`) {
			return
		}
		eval[int](v, `(() => { const e = [...document.querySelectorAll("details[open] [name=reason]")].find((e) => !e.closest("li").querySelector(".tag")); e.value = "Heard in the call of Tuesday"; e.closest("form").setAttribute("data-now", ""); return 0 })()`)
		eval[int](v, `window.before = 1`)
		v.press(`form[data-now] button[value="kept"]`)
		v.until(`!window.before`)
		v.reads("Settled as kept")
	}
	v.t.Fatal("there is no end to the promises")
}

// importCRM brings in an export of the shape that CRMs make: people first, by
// an admin, then opportunities; undone and brought in again.
func importCRM(t *testing.T, admin, manager *visitor) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	teams := write("sales_teams.csv", "sales_agent,manager,regional_office\nOrla Venn,Eve Marsh,Harbour\nPetra Quill,Eve Marsh,Harbour\nRufus Dane,Milo Garth,Inland\n")
	deals := "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
	for i := range 14 {
		stage, closed, value := "Won", "2026-03-0"+fmt.Sprint(i%9+1), fmt.Sprint(1000+100*i)
		switch {
		case i%3 == 1:
			stage, value = "Lost", "0"
		case i == 12:
			stage, closed, value = "Engaging", "", ""
		}
		deals += fmt.Sprintf("X%03d,Orla Venn,GTX Pro,Harbour Mills,%s,2026-01-10,%s,%s\n", i, stage, closed, value)
	}
	deals += "X900,Nobody Known,GTX Pro,Harbour Mills,Won,2026-01-10,2026-02-01,10\nX901,Orla Venn,GTX Pro,Harbour Mills,Won,2026-01-10,31 Juvember,10\nX001,Orla Venn,GTX Pro,Harbour Mills,Won,2026-01-10,2026-02-01,10\n"
	pipeline := write("sales_pipeline.csv", deals)

	bring(admin, "people", teams)
	admin.reads("3")
	admin.send("valid rows")
	admin.waits("Undo this import")
	bring(admin, "opportunities", pipeline)
	admin.reads("Nobody Known", "31 Juvember", "X001")
	admin.send("valid rows")
	admin.waits("Undo this import")
	admin.send("Undo this import")
	admin.waits("What was put back")
	bring(admin, "opportunities", pipeline)
	admin.send("valid rows")
	admin.waits("Undo this import")

	manager.open("/team/performance?from=2026-01-01&to=2026-12-31")
	manager.reads("Orla Venn", "Petra Quill", "no data", "Won", "Lost", "Win rate")
	manager.open("/team")
	manager.reads("Orla Venn", "Dana Okafor")
	admin.open("/admin/imports")
	admin.reads("sales_teams.csv", "sales_pipeline.csv")
}

// bring uploads a file and goes on to its preview.
func bring(v *visitor, kind, file string) {
	v.open("/admin/imports")
	eval[bool](v, fmt.Sprintf(`(() => { const e = document.querySelector("[name=kind][value=%s]"); if (e) { e.click(); return true } const s = document.querySelector("select[name=kind]"); if (s) s.value = %q; return true })()`, kind, kind))
	v.do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file}))
	v.press("main form[enctype] button[type=submit]")
	v.at("/admin/imports/")
	v.send("Continue")
	v.waits("What will happen")
}

// assign opens a cell of the heatmap, and from its why assigns a lesson.
func assign(v *visitor) {
	v.open("/team?open=discover")
	v.press(`td a.cell[href$="/question"]`)
	v.at("/team/")
	v.click("Assign")
	v.at("/assign")
	v.set("#reason", "")
	v.send("Assign")
	v.waits("reason")
	v.fill("#reason", "One step is missing: what the stop did to somebody.")
	v.click("Assign")
	v.waits("Assigned")
}

// rounds looks at the pages that the walk has not met.
func rounds(b *browser, t *testing.T, rep, coach, manager, admin *visitor) {
	for _, p := range []string{"/learn/questions-for-large-sales/quiz", "/review", "/skills", "/practice/spi1-packaging-stoppages", "/me/data", "/me/settings", "/help", "/nothing-here"} {
		rep.open(p)
	}
	for _, p := range []string{"/today", "/practice", "/coaching", "/team", "/team/performance"} {
		coach.open(p)
	}
	for _, p := range []string{"/today", "/learn", "/coaching", "/assign", "/team/performance"} {
		manager.open(p)
	}
	for _, p := range []string{"/today", "/admin/people", "/admin/people/9", "/admin/imports", "/admin/settings"} {
		admin.open(p)
	}
	author := b.as(t, "author@pitchside.example")
	for _, p := range []string{"/studio", "/studio/lesson/questions-for-large-sales.implication-questions", "/studio/scenario/spi1-packaging-stoppages", "/studio/rubric/spi"} {
		author.open(p)
	}
}
