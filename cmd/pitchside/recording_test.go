package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pitchside/internal/pg/pgtest"
)

// A killable server is the program on a fixed address, killed and started again.
type killable struct {
	t   *testing.T
	dir string
	env []string
	url string
	cmd *exec.Cmd
	log bytes.Buffer
}

func newKillable(t *testing.T) *killable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	k := &killable{t: t, dir: t.TempDir(), url: "http://" + addr, env: []string{"DATABASE_URL=" + pgtest.URL(t), "PITCHSIDE_ADDR=" + addr, "PITCHSIDE_URL=http://" + addr}}
	t.Cleanup(k.kill)
	k.start()
	return k
}

// start returns when the program is ready.
func (k *killable) start() {
	k.t.Helper()
	k.cmd = program(k.t, k.dir, k.env, "serve", "--demo")
	k.cmd.Stdout, k.cmd.Stderr = &k.log, &k.log
	if err := k.cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	for range 1200 {
		if res, err := http.Get(k.url + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	k.t.Fatalf("the program does not get ready:\n%s", k.log.String())
}

// kill ends the program as a crash would.
func (k *killable) kill() {
	if k.cmd != nil {
		_ = k.cmd.Process.Kill()
		_ = k.cmd.Wait()
		k.cmd = nil
	}
}

// TestRecording records sound and picture with a fake camera and microphone,
// kills the server in the middle, and goes on: the page keeps recording, sends
// what waited, and the coach plays it, seeks in it and releases a score.
func TestRecording(t *testing.T) {
	server := newKillable(t)
	b := newBrowser(t, server.url)
	rep := b.as(t, "rep@pitchside.example")
	rep.open("/practice/spi1-packaging-stoppages")
	rep.click("Record your call")
	rep.at("/attempts/")
	path, _, _ := strings.Cut(rep.where(), "#")
	rep.reads("It is deleted after 180 days", "Ana Ruiz")
	rep.press(`#recorder [value=video]`)
	rep.press(`[data-check]`)
	rep.until(`!document.querySelector("[data-rec]").hidden`)
	rep.look()
	rep.reads("Microphone and camera ready")
	rep.until(`document.querySelectorAll("[data-meter] rect").length === 60`)
	rep.press(`[data-rec]`)
	sent := `[...document.querySelectorAll("[data-sending]")].map((e) => e.innerText).join()`
	rep.until(sent + `.includes("MB sent")`) // the first chunk has arrived
	server.kill()
	rep.until(sent + `.includes("No connection")`)
	shown := eval[string](rep, `document.querySelector("[data-time]").innerText`)
	rep.until(fmt.Sprintf(`document.querySelector("[data-time]").innerText > %q`, shown)) // it goes on recording
	rep.press(`[data-pause]`)
	rep.until(`document.querySelector("[data-state]").innerText === "Paused"`)
	server.start()
	rep.press(`[data-pause]`)
	rep.until(`document.querySelector("[data-state]").innerText.includes("Recording")`)
	rep.press(`[data-rec]`)
	rep.until(`document.querySelector("#takes .player")`)
	rep.reads("Take 1", "sound and picture", "Submit")
	if left := eval[int](rep, `import(document.querySelector("script[src$='recorder.js']").src.replace("recorder.js", "recorder-store.js")).then((m) => m.takesOf(`+strings.TrimPrefix(path, "/attempts/")+`)).then((l) => l.length)`); left != 0 {
		t.Errorf("%d takes are left on the device after all has arrived", left)
	}

	// A page that is closed in mid-recording loses nothing that was recorded.
	rep.press(`[data-rec]`)
	rep.until(`document.querySelector("#recorder.live")`)
	rep.until(sent + `.includes("Take 2")`)
	warned := acceptDialogs(rep)
	rep.open(path)
	if !warned.Load() {
		t.Error("leaving in mid-recording is not asked about")
	}
	rep.until(`document.querySelectorAll("#takes .player").length === 2`)
	rep.press(`#takes form[action$="/takes/1/choose"] button`)
	rep.until(`document.querySelector("#takes .tag.ok")`)
	rep.look()
	rep.send("Submit")
	rep.until(`document.querySelector(".lifecycle [aria-current]").innerText.includes("Submitted")`)

	coach := b.as(t, "coach@pitchside.example")
	coach.open(strings.Replace(path, "/attempts/", "/score/", 1))
	length := eval[float64](coach, `+document.querySelector("[data-player]").dataset.ms / 1000`)
	if length < 5 {
		t.Errorf("the recording is %.1f seconds long", length)
	}
	coach.press(`[data-play]`)
	coach.until(`document.querySelector("video").currentTime > 0.2`)
	if got := eval[float64](coach, `document.querySelector("video").duration`); got < length-2 || got > length+2 {
		t.Errorf("the browser finds a duration of %.1f seconds in the file, the clock said %.1f", got, length)
	}
	// Seek to the middle: what plays goes on from there, not from the beginning.
	eval[int](coach, `(() => { const s = document.querySelector("[data-seek]"); s.value = `+fmt.Sprint(length*500)+`; s.dispatchEvent(new Event("input")); return 0 })()`)
	coach.until(fmt.Sprintf(`!document.querySelector("video").seeking && document.querySelector("video").currentTime > %f`, length/2+0.2))
	coach.press(`[data-play]`)
	coach.press(`[data-by="-5"]`)
	coach.until(fmt.Sprintf(`document.querySelector("video").currentTime < %f`, length/2))
	rep.open(path)
	rep.reads("played the recording")
	scoreMoments(coach)
	rep.open(path)
	rep.reads("Ana Ruiz’s sheet")
}

// acceptDialogs says yes to whatever the browser asks from now on.
func acceptDialogs(v *visitor) *atomic.Bool {
	var asked atomic.Bool
	opened := chromedp.Events(v.ctx, page.JavascriptDialogOpening)
	go func() {
		for _, err := range opened {
			if err == nil {
				asked.Store(true)
				_, err = chromedp.Call(v.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}
			if err != nil {
				return // the window is closed
			}
		}
	}()
	return &asked
}

// scoreMoments scores by the moment that is heard, and releases.
func scoreMoments(v *visitor) {
	eval[int](v, `document.querySelector("#level_situation_economy input").focus(), 0`)
	for i := range 6 {
		v.keys(map[bool]string{true: "4", false: "n"}[i < 2])
		v.until(fmt.Sprintf(`document.getElementById("decided").innerText.startsWith("%d of 6")`, i+1))
	}
	if at := eval[string](v, `document.getElementById("at_situation_economy").value`); at == "" {
		v.t.Error("scoring while listening leaves no moment")
	}
	v.until(`document.getElementById("saved").innerText.includes("Saved")`)
	v.click("Review and release")
	v.at("/score/")
	v.until(`location.pathname.endsWith("/review")`)
	v.send("Release")
}

// TestLiveCall holds a role-play between two people in two browsers: what one
// does, the other sees; what the buyer ticks reaches the coach's desk.
func TestLiveCall(t *testing.T) {
	app := newTestApp(t)
	b := newBrowser(t, app.url)
	rep := b.as(t, "rep@pitchside.example")
	buyer := b.as(t, "manager@pitchside.example")
	rep.open("/practice/spi1-packaging-stoppages")
	rep.click("Call a colleague")
	rep.at("/attempts/")
	path, _, _ := strings.Cut(rep.where(), "#")
	rep.fill("#email", "manager@pitchside.example")
	rep.send("Ask them")
	rep.click("Open the call")
	rep.at(path + "/live")
	rep.reads("has been asked and has not opened the page yet")
	buyer.open("/today")
	buyer.reads("asks you to play the buyer")
	buyer.open(path + "/live")
	buyer.reads("What has come up", "Hidden facts", "The figure")
	rep.waits("is here. Start when you both hear each other")
	rep.click("Start the call")
	rep.waits("End the call")
	buyer.waits("The call is on")
	buyer.until(`document.querySelector("[data-clock]").innerText > "00:00"`)
	buyer.press(`[data-item="objection-1"]`)
	buyer.until(`document.querySelector('[data-item="objection-1"]').getAttribute("aria-pressed") === "true"`)
	buyer.fill("#notes", "She let me finish.")
	buyer.until(`document.querySelector("[data-kept]").innerText === "Kept"`)
	// The buyer's device records, and the take lands with the rep.
	buyer.press(`[data-check]`)
	buyer.until(`!document.querySelector("[data-rec]").hidden`)
	buyer.press(`[data-rec]`)
	buyer.until(`document.querySelector("#recorder.live")`)
	buyer.until(`document.querySelector("[data-time]").innerText > "00:01"`)
	buyer.press(`[data-rec]`)
	buyer.until(`document.querySelector("[data-state]").innerText.includes("has arrived")`)
	rep.click("End the call")
	rep.waits("The call is over")
	buyer.waits("The call is over")
	if eval[string](buyer, `document.querySelector("#notes").value`) != "She let me finish." {
		t.Error("the end of the call takes the notes away")
	}
	rep.click("Go on to submit")
	rep.until(`document.querySelector("#takes .player")`)
	rep.send("Submit")
	rep.reads("Never came up", "“That’s normal”", "She let me finish.")
	coach := b.as(t, "coach@pitchside.example")
	coach.open(strings.Replace(path, "/attempts/", "/score/", 1))
	coach.reads("What came up", "N, not a low score")
}
