package content_test

import (
	"fmt"
	"strings"
	"testing"

	"pitchside/content"
)

func TestShows(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`![A plan](plan.png "Four stages")`: `<figure id="p-1"><img src="/media/courses/c/plan.png" alt="A plan"><figcaption>Four stages</figcaption></figure>`,
		`![A plan](plan.svg)`:               `<figure id="p-1"><div class="drawing" tabindex="0"><img src="/media/courses/c/plan.svg" alt="A plan"></div></figure>`,
		`![A call](call.mp4 "A call")`:      `<figure id="p-1"><video controls="" preload="metadata" aria-label="A call" src="/media/courses/c/call.mp4"><track kind="captions" label="Captions" src="/media/courses/c/call.vtt"></video><figcaption>A call</figcaption></figure>`,
		`![A voice](voice.mp3)`:             `<figure id="p-1"><audio controls="" preload="metadata" aria-label="A voice" src="/media/courses/c/voice.mp3"></audio></figure>`,
		`![A](javascript:alert(1))`:         `<figure id="p-1"><img alt="A"></figure>`,
		`![A "](https://x.example/a.mp4)`:   `<figure id="p-1"><img alt="A “"></figure>`,
		`![A](a.png "<script>x</script>")`:  `<figure id="p-1"><img src="/media/courses/c/a.png" alt="A"><figcaption>&lt;script&gt;x&lt;/script&gt;</figcaption></figure>`,
	} {
		got := strings.TrimSpace(rendered(content.Read(content.Identity{Kind: content.KindLesson, Slug: "c.l", Path: "courses/c/01-l.md"}, []byte(lesson(body+"\n")))))
		if got != want {
			t.Errorf("%s\n is %s\nwant %s", body, got, want)
		}
	}
}

func TestFilmsHaveCaptions(t *testing.T) {
	t.Parallel()
	problems := func(with ...string) string {
		lib := files(append([]string{"courses/c/course.md", course, "courses/c/01-l.md", lesson("![A call](call.mp4)\n"), "courses/c/call.mp4", "film"}, with...)...)
		got, err := content.Lint(lib)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(got)
	}
	if got := problems(); !strings.Contains(got, "courses/c/01-l.md 4 1 warning The film has no captions.") {
		t.Errorf("without captions: %s", got)
	}
	if got := problems("courses/c/call.vtt", "WEBVTT\n"); got != "[]" {
		t.Errorf("with captions: %s", got)
	}
}
