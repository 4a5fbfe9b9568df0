package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A rep revises a scored worksheet, which saves itself, and the coach scores it
// by keyboard with what changed in view.
func TestWorksheetInABrowser(t *testing.T) {
	t.Parallel()
	app := newTestApp(t)
	b := newBrowser(t, app.url)
	rep := b.as(t, "rep@pitchside.example")
	rep.open("/practice")
	rep.open("/practice/worksheets/t5-profit-case")
	rep.press(rep.find("main", "Revise attempt 2"))
	rep.at("/attempts/")
	address := rep.where()
	rep.press("#f-uncounted")
	rep.do(chromedp.SendKeys(chromedp.CSS("#f-uncounted"), " And quieter nights."))
	rep.until(`document.querySelector("#saved").textContent.startsWith("Saved")`)
	rep.do(chromedp.Navigate(b.url + address)) // as after a break
	rep.until(`document.querySelector("#f-uncounted").value.endsWith("And quieter nights.")`)

	// A second window writes into the same field; the first is told.
	eval[string](rep, `fetch(location.pathname + "/fields", {method: "POST", body: new URLSearchParams({"f-uncounted": "Nothing.", do: "save"})}).then((r) => r.status + "")`)
	rep.press("#f-uncounted")
	rep.do(chromedp.SendKeys(chromedp.CSS("#f-uncounted"), " Mine."))
	rep.until(`document.querySelector("#saved").textContent.includes("another window")`)
	rep.press(rep.find("main", "Save the draft"))
	rep.waits("Saved meanwhile in another window")
	rep.reads("Nothing.")
	rep.press(rep.find("main", "Submit"))
	rep.waits("What changed since attempt 2")
	rep.look()

	coach := b.as(t, "coach@pitchside.example")
	coach.open(strings.Replace(address, "/attempts/", "/score/", 1))
	coach.reads("What changed since attempt 2", "1 of 8 fields")
	for i := range 5 {
		coach.keys("q") // quotes the line in hand for the criterion in focus
		coach.keys("4")
		coach.until(fmt.Sprintf(`document.querySelector("#decided").textContent.startsWith("%d of 5")`, i+1))
	}
	coach.until(`document.querySelector("#saved").textContent.includes("Saved")`)
	if n := eval[int](coach, `[...document.querySelectorAll("textarea[name^=quote_]")].filter((q) => q.value.startsWith("Stops of the slicing line")).length`); n != 5 {
		t.Errorf("%d of 5 criteria quote the line in hand", n)
	}
	coach.shoot("coach-worksheet-scored")
}
