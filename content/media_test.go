package content_test

import (
	"context"
	"testing"

	"pitchside/internal/fault"
	"pitchside/people"
)

func TestMediaAreWhatTheirNameSays(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	for name, c := range map[string]struct {
		file, body string
		ok         bool
	}{
		"a picture":           {"A Call.PNG", png, true},
		"a drawing":           {"zone.svg", "\ufeff<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", true},
		"subtitles":           {"talk.vtt", "WEBVTT\n\n", true},
		"a paper":             {"paper.pdf", "%PDF-1.7", true},
		"a film":              {"talk.webm", "\x1aE\xdf\xa3", true},
		"a sound":             {"talk.mp3", "\xff\xfb\x90\x00", true},
		"a page as a picture": {"call.png", "<html><script>alert(1)</script>", false},
		"a page as a drawing": {"call.svg", "<html><script>alert(1)</script>", false},
		"a program":           {"call.exe", "MZ", false},
		"a page":              {"call.html", "<html>", false},
		"without a name":      {".png", png, false},
		"empty":               {"call.png", "", false},
	} {
		d, err := s.AddMedia(ctx, author, "tiny", c.file, []byte(c.body))
		if c.ok != (err == nil) || !c.ok && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if name == "a picture" && (err != nil || d.Path != "courses/tiny/a-call.png") {
			t.Errorf("%s: %v", name, d)
		}
	}
	_, err := s.AddMedia(ctx, author, "../x", "call.png", []byte(png))
	wants(t, fault.Invalid, err)
	_, err = s.AddMedia(ctx, author, "tiny", "call.png", make([]byte, 33<<20))
	wants(t, fault.Invalid, err)
	_, err = s.AddMedia(ctx, people.Actor{ID: 1}, "tiny", "call.png", []byte(png))
	wants(t, fault.NotFound, err)
}
