package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// An author writes a lesson by keyboard, and a colleague gets in the way.
func TestStudioInABrowser(t *testing.T) {
	t.Parallel()
	app := newTestApp(t)
	b := newBrowser(t, app.url)
	jo := b.as(t, "author@pitchside.example")
	for _, p := range []string{"/studio", "/studio/bank", "/studio/media"} {
		jo.open(p)
	}
	jo.open("/studio/new?kind=lesson&course=selling-foundations")
	jo.fill("#title", "Silence")
	jo.click("Make the draft")
	jo.at("/studio/lesson/selling-foundations.silence/edit")

	// The slash opens the menu at the start of a line; the preview follows the typing.
	jo.until(`document.querySelectorAll("[data-gutter] li").length > 20`)
	jo.press("#source")
	eval[int](jo, `((s) => { s.focus(); s.setSelectionRange(s.value.length, s.value.length); return 0 })(document.querySelector("#source"))`)
	jo.keys("/")
	jo.until(`!document.querySelector("#block-menu").hidden && document.querySelector("#source").getAttribute("aria-activedescendant") === "block-0"`)
	jo.shoot("author-studio-block-menu")
	jo.keys(kb.ArrowDown, kb.Enter)
	jo.until(`document.querySelector("#source").value.includes("{#q-new-1}")`)
	jo.until(`document.querySelector(".preview [data-question=q-new-1]") !== null`)
	jo.keys("/", kb.Escape, "n", "o", "t", "e")
	jo.until(`document.querySelector("#source").value.endsWith("note")`)

	// A problem leads to its line.
	eval[int](jo, `((s) => { s.value = s.value.replace("- (x) The answer", "- ( ) The answer"); s.dispatchEvent(new Event("input")); return 0 })(document.querySelector("#source"))`)
	jo.until(`document.querySelector('[data-part="problems"] .error') !== null && document.querySelector("[data-gutter] .bad") !== null`)
	jo.shoot("author-studio-problem")
	jo.press(`[data-part="problems"] .error a`)
	jo.until(`((s) => s.value.slice(s.selectionStart, s.selectionEnd).includes("{#q-first-check}"))(document.querySelector("#source"))`)
	eval[int](jo, `((s) => { s.value = s.value.replace("- ( ) The answer that is right", "- (x) The answer that is right"); s.dispatchEvent(new Event("input")); return 0 })(document.querySelector("#source"))`)
	jo.until(`document.querySelector('[data-part="problems"] .error') === null`)

	// Saved without leaving the page.
	eval[int](jo, `document.querySelector("#source").dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true})), 0`)
	jo.until(`document.querySelector("[data-saved]").textContent.startsWith("Saved")`)
	jo.until(`document.querySelector("[name=on]").value === "1.2"`)

	// The same document in a second window: the first save wins, nothing is lost.
	other := b.as(t, "author@pitchside.example")
	other.open("/studio/lesson/selling-foundations.silence/edit")
	eval[int](other, `((s) => { s.value = s.value.replace("Open with a moment", "Begin with a moment"); s.dispatchEvent(new Event("input")); return 0 })(document.querySelector("#source"))`)
	other.click("Save draft")
	other.until(`document.querySelector("[name=on]").value === "1.3"`)
	eval[int](jo, `((s) => { s.value = s.value.replace("One thing, in plain words", "One thing in plain words"); s.dispatchEvent(new Event("input")); return 0 })(document.querySelector("#source"))`)
	jo.click("Save draft")
	jo.waits("Two people changed this document")
	jo.met = map[string]bool{}
	jo.look()
	jo.click("Save mine as the next version")
	jo.until(`document.querySelector("[name=on]")?.value === "2.1"`)

	jo.open("/studio/lesson/selling-foundations.silence/learner")
	jo.open("/studio/lesson/selling-foundations.silence/changes?from=1&to=2")
	jo.open("/studio/lesson/selling-foundations.silence/publish")
	jo.click("Publish version 2")
	jo.waits("Version 2, published")
	for _, p := range []string{"/studio/rubric/spi/edit", "/studio/skills/skills/edit", "/studio/scenario/spi1-packaging-stoppages/edit"} {
		jo.open(p)
	}
}
