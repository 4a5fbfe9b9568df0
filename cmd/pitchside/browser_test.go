package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A browser is one headless Chromium that a test's pages share.
type browser struct {
	ctx context.Context
	axe string
	url string
}

// newBrowser starts Chromium; without one, or without axe-core, the test fails
// and says what to install.
func newBrowser(t *testing.T, url string) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium was found; make test installs it, or: apt-get install chromium")
	}
	axe, err := os.ReadFile(filepath.Join("..", "..", ".tools", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is missing (%v); make test fetches it", err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true)) // a beep and a moving picture
	actx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(actx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	return &browser{ctx: ctx, axe: string(axe), url: url}
}

// A visitor is one person in a browser window of their own.
type visitor struct {
	t   *testing.T
	b   *browser
	ctx context.Context
	who string
	met map[string]bool // pages that axe has seen, by path
}

// as opens a window and signs the person in.
func (b *browser) as(t *testing.T, email string) *visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{t: t, b: b, ctx: ctx, who: strings.Split(email, "@")[0], met: map[string]bool{}}
	// The first step ties the window to its context, so it must not be one that ends.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	v.open("/signin")
	v.fill("#email", email)
	v.fill("#password", "pitchside-demo")
	v.click("Sign in")
	v.at("/today")
	return v
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.shoot("failed")
		v.t.Fatalf("%s at %s: %v", v.who, v.where(), err)
	}
}

// eval runs an expression in the page.
func eval[T any](v *visitor, expression string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 60*time.Second)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		v.shoot("failed")
		v.t.Fatalf("%s at %s: %s: %v", v.who, v.where(), expression, err)
	}
	return got
}

func (v *visitor) where() string {
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return "?"
	}
	return strings.TrimPrefix(got, v.b.url)
}

// open visits a path and has axe look at the page.
func (v *visitor) open(path string) {
	v.t.Helper()
	v.do(chromedp.Navigate(v.b.url + path))
	v.look()
}

// at waits until the address begins with path and the page is read, then has
// axe look at it.
func (v *visitor) at(path string) {
	v.t.Helper()
	for range 600 {
		if strings.HasPrefix(v.where(), path) && eval[string](v, `document.readyState`) == "complete" {
			v.look()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	v.shoot("failed")
	v.t.Fatalf("%s waited for %s but is at %s: %s", v.who, path, v.where(), v.text("main"))
}

// look runs axe once for each address, in light at the width of a desk and in
// dark at the width of a phone. Zero violations.
func (v *visitor) look() {
	v.t.Helper()
	path, _, _ := strings.Cut(v.where(), "?")
	if v.met[path] {
		return
	}
	v.met[path] = true
	for _, dark := range []bool{false, true} {
		if dark {
			v.do(chromedp.EmulateViewport(390, 844))
			eval[int](v, `document.documentElement.dataset.theme = "dark", 0`)
		}
		v.settle()
		eval[int](v, v.b.axe+";0")
		found := eval[string](v, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
			.then((r) => JSON.stringify(r.violations.map((x) => ({id: x.id, help: x.help, nodes: x.nodes.slice(0, 4).map((n) => n.html.slice(0, 200) + " | " + n.failureSummary)}))))`)
		var violations []struct {
			ID, Help string
			Nodes    []string
		}
		if err := json.Unmarshal([]byte(found), &violations); err != nil {
			v.t.Fatal(err)
		}
		for _, x := range violations {
			v.t.Errorf("axe at %s (dark and narrow: %t): %s: %s\n  %s", path, dark, x.ID, x.Help, strings.Join(x.Nodes, "\n  "))
		}
		if wide := eval[int](v, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			v.t.Errorf("%s scrolls sideways by %d px (dark and narrow: %t)", path, wide, dark)
		}
		name := strings.Trim(strings.NewReplacer("/", "-").Replace(path), "-")
		v.shoot(fmt.Sprintf("%s-%s-%t", v.who, name, dark))
	}
	v.do(chromedp.EmulateViewport(1280, 900))
	eval[int](v, `delete document.documentElement.dataset.theme, 0`)
}

// shoot keeps a picture of the page where PITCHSIDE_TEST_PICTURES names a folder.
func (v *visitor) shoot(name string) {
	dir := os.Getenv("PITCHSIDE_TEST_PICTURES")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		v.t.Log(err)
	}
}

// text returns what a person reads in an element.
func (v *visitor) text(selector string) string {
	v.t.Helper()
	return eval[string](v, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ""}).innerText`, selector))
}

// reads fails unless the page's main part says all of these.
func (v *visitor) reads(words ...string) {
	v.t.Helper()
	main := v.text("main")
	for _, w := range words {
		if !strings.Contains(strings.ToLower(main), strings.ToLower(w)) {
			v.shoot("failed")
			v.t.Fatalf("%s at %s does not read %q in:\n%s", v.who, v.where(), w, main)
		}
	}
}

// find marks the first visible link, button or label in scope whose words hold
// text, and returns a selector for it.
func (v *visitor) find(scope, text string) string {
	v.t.Helper()
	ok := eval[bool](v, fmt.Sprintf(`(() => {
		for (const e of document.querySelectorAll("[data-found]")) e.removeAttribute("data-found");
		const want = %q.toLowerCase();
		const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 2;
		const all = [...document.querySelectorAll(%q + " :is(a, button, summary, label)")];
		const hit = all.find((e) => e.innerText.trim().toLowerCase() === want && shown(e)) ||
			all.find((e) => e.innerText.toLowerCase().includes(want) && shown(e));
		if (!hit) return false;
		hit.setAttribute("data-found", "");
		hit.scrollIntoView({block: "center"});
		return true;
	})()`, text, scope))
	if !ok {
		v.shoot("failed")
		v.t.Fatalf("%s at %s finds nothing to press that says %q in:\n%s", v.who, v.where(), text, v.text(scope))
	}
	return "[data-found]"
}

// click presses what says text in the page's main part.
func (v *visitor) click(text string) {
	v.t.Helper()
	v.do(chromedp.Click(chromedp.CSS(v.find("main", text))))
}

// fill types into a field.
func (v *visitor) fill(selector, text string) {
	v.t.Helper()
	eval[int](v, fmt.Sprintf(`document.querySelector(%q).value = "", 0`, selector))
	v.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// set gives a field a value at once, as choosing from a picker does.
func (v *visitor) set(selector, value string) {
	v.t.Helper()
	eval[bool](v, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`, selector, value))
}

// keys presses keys one after the other, wherever the focus is.
func (v *visitor) keys(keys ...string) {
	v.t.Helper()
	for _, k := range keys {
		v.do(chromedp.KeyEvent(k))
	}
}

// press presses what a selector finds.
func (v *visitor) press(selector string) {
	v.t.Helper()
	if !eval[bool](v, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (e) e.scrollIntoView({block: "center"}); return !!e })()`, selector)) {
		v.shoot("failed")
		v.t.Fatalf("%s at %s finds no %s in:\n%s", v.who, v.where(), selector, v.text("main"))
	}
	v.do(chromedp.Click(chromedp.CSS(selector)))
}

// until waits for an expression to hold, through page loads.
func (v *visitor) until(expression string) {
	v.t.Helper()
	for range 600 {
		ctx, cancel := context.WithTimeout(v.ctx, 60*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`document.readyState === "complete" && !!(%s)`, expression)))
		cancel()
		if err == nil && ok { // an error: the page is being replaced
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	v.shoot("failed")
	v.t.Fatalf("%s at %s waited for %s in:\n%s", v.who, v.where(), expression, v.text("main"))
}

// waits waits until the page's main part says words, then has axe look at it.
func (v *visitor) waits(words string) {
	v.t.Helper()
	v.until(fmt.Sprintf(`document.querySelector("main").innerText.toLowerCase().includes(%q)`, strings.ToLower(words)))
	v.look()
}

// send presses what says text and waits for the page that follows.
func (v *visitor) send(text string) {
	v.t.Helper()
	eval[int](v, `window.before = 1`)
	v.click(text)
	v.until(`!window.before`)
	v.look()
}

// settle ends what fades: colours go from one theme to the other by a
// transition, and axe would measure its middle.
func (v *visitor) settle() {
	v.t.Helper()
	eval[int](v, `document.getAnimations().forEach((a) => a.finish()), 0`)
}
