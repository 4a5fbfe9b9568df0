package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"pitchside/internal/webm"
)

func init() {
	pageData["admin/recordings"] = recordingsPage{}
	pageData["attempt/live"] = callPage{}
}

// raw sends a body as it is and wants a status.
func (p pitch) raw(want int, method, path, kind string, body []byte, cookie *http.Cookie, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.AddCookie(cookie)
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	if w.Code != want {
		p.t.Fatalf("%s %s answered %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	return w
}

// file is a form with one file, as a browser sends it.
func file(t *testing.T, name, kind string, b []byte) (string, []byte) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {kind}})
	if err == nil {
		_, err = part.Write(b)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body.Bytes()
}

func (p pitch) recording() string {
	p.t.Helper()
	return p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"recording"}}, p.dana).Header().Get("Location")
}

func TestRecordingWithoutAScript(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.recording()
	page := p.do(200, "GET", at, nil, p.dana)
	if said := page.text(".consent"); !strings.Contains(said, "Ana Ruiz and Ben Ito") || !strings.Contains(said, "180 days") || !strings.Contains(said, "manager only if you share it") {
		t.Errorf("the consent sentence: %s", said)
	}
	if page.doc.Find(".button.filled").Length() != 1 || page.doc.Find("form[action$='/submit']").Length() != 0 {
		t.Error("an empty draft has not one filled button, or offers to submit")
	}
	kind, body := file(t, "song.mp3", "audio/mpeg", []byte("ID3 and what follows is not taken here"))
	refused := p.raw(422, "POST", at+"/takes", kind, body, p.dana)
	if !strings.Contains(refused.Body.String(), "Save it as MP4") {
		t.Error("an MP3 is refused without a remedy")
	}
	kind, body = file(t, "empty.webm", "video/webm", webm.Silence(0))
	if refused := p.raw(422, "POST", at+"/takes", kind, body, p.dana); !strings.Contains(refused.Body.String(), "nothing to play") {
		t.Error("a WebM without sound is not refused")
	}
	for _, seconds := range []int{5, 70} {
		kind, body = file(t, "call.webm", "video/webm", webm.Silence(time.Duration(seconds)*time.Second))
		p.raw(303, "POST", at+"/takes", kind, body, p.dana)
	}
	page = p.do(200, "GET", at, nil, p.dana)
	if page.doc.Find("#takes .player audio[controls][preload=none]").Length() != 2 || !strings.Contains(page.text("#takes"), "01:09") || page.doc.Find(".button.filled").Length() != 1 {
		t.Errorf("two takes: %s", page.text("#takes"))
	}
	for _, other := range []*http.Cookie{p.ana, p.mo} {
		p.do(404, "GET", at, nil, other)
		p.raw(404, "GET", at+"/media", "", nil, other)
	}
	p.raw(404, "PUT", at+"/media?take=9&offset=0", "audio/webm", webm.Silence(time.Second), p.ben)
	choose := page.doc.Find("form[action$='/choose']").First().AttrOr("action", "")
	p.do(303, "POST", choose, url.Values{}, p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	page = p.do(200, "GET", at, nil, p.dana)
	if page.doc.Find(".player").Length() != 1 || !strings.Contains(page.text("main"), "Ask for the recording to be erased") {
		t.Errorf("after submission: %s", page.text("main"))
	}
	if p.do(200, "GET", at, nil, p.ana).doc.Find(".player audio").Length() != 1 {
		t.Error("the coach has no player")
	}
	desk := p.do(200, "GET", strings.Replace(at, "/attempts/", "/score/", 1), nil, p.ana)
	if desk.doc.Find(".player audio").Length() != 1 {
		t.Error("the desk has no player")
	}
	if before := p.do(200, "GET", at, nil, p.dana).text("#views ~ ul"); strings.Contains(before, "played") {
		t.Errorf("opening the page counts as playing: %s", before)
	}
	part := p.raw(206, "GET", at+"/media", "", nil, p.ana, "Range", "bytes=0-99")
	if part.Body.Len() != 100 || part.Header().Get("Content-Type") != "audio/webm" || part.Header().Get("Cache-Control") != "private, no-cache" || part.Header().Get("Content-Encoding") != "" {
		t.Errorf("a range: %v", part.Header())
	}
	if seen := p.do(200, "GET", at, nil, p.dana); !strings.Contains(seen.text("#views ~ ul"), "Ana Ruiz played the recording") {
		t.Errorf("who has played it: %s", seen.text("#views ~ ul"))
	}
	if mine := p.do(200, "GET", "/me/data", nil, p.dana); !strings.Contains(mine.text("main"), "played the recording") {
		t.Error("My data does not say who played it")
	}
	saved := p.raw(200, "GET", at+"/media?download=1", "", nil, p.dana)
	if got := saved.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || !strings.Contains(got, ".webm") {
		t.Errorf("the download is called %s", got)
	}
}

func TestRecorderSendsAndGoesOn(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.recording()
	whole := webm.Silence(8 * time.Second)
	if got := p.raw(200, "PUT", at+"/media?take=1&offset=0", "audio/webm;codecs=opus", whole[:900], p.dana).Header().Get("Upload-Offset"); got != "900" {
		t.Errorf("Upload-Offset %s", got)
	}
	gap := p.raw(409, "PUT", at+"/media?take=1&offset=1000", "audio/webm;codecs=opus", whole[1000:], p.dana)
	if gap.Header().Get("Upload-Offset") != "900" || !strings.Contains(gap.Body.String(), "offset 900") {
		t.Errorf("a gap: %s", gap.Body)
	}
	if list := p.raw(200, "GET", at+"/takes", "", nil, p.dana).Body.String(); !strings.Contains(list, `"offset":900`) {
		t.Errorf("what has arrived: %s", list)
	}
	done := p.raw(200, "PUT", at+"/media?take=1&offset=900&final=true&duration_ms=8123", "audio/webm;codecs=opus", whole[900:], p.dana)
	if !strings.Contains(done.Body.String(), `"finished":true`) || !strings.Contains(p.do(200, "GET", at, nil, p.dana).text("#takes"), "00:08") {
		t.Errorf("the last part: %s", done.Body)
	}
	// A request of another site is not carried out.
	p.raw(403, "PUT", at+"/media?take=2&offset=0", "audio/webm", whole, p.dana, "Sec-Fetch-Site", "cross-site")
}

func TestErasureOnThePages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.recording()
	p.raw(200, "PUT", at+"/media?take=1&offset=0&final=true", "audio/webm", webm.Silence(2*time.Second), p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	desk := strings.Replace(at, "/attempts/", "/score/", 1)
	p.do(303, "POST", desk, sheetValues("0", "3", "3", "3", "3", "3", "3"), p.ana)
	p.do(303, "POST", desk+"/release", url.Values{}, p.ana)
	p.do(303, "POST", at+"/erasure", url.Values{"reason": {"A colleague can be heard."}}, p.dana)
	page := p.do(200, "GET", "/admin/recordings", nil, p.ada)
	if !strings.Contains(page.text("main"), "A colleague can be heard.") {
		t.Fatalf("the admin reads: %s", page.text("main"))
	}
	id := page.value("input[name=id]")
	again := p.do(422, "POST", "/admin/recordings", url.Values{"id": {id}, "do": {"keep"}, "answer": {"No."}}, p.ada)
	if again.text("textarea") != "No." {
		t.Error("what the admin typed is lost")
	}
	p.do(303, "POST", "/admin/recordings", url.Values{"id": {id}, "do": {"erase"}}, p.ada)
	for _, who := range []*http.Cookie{p.dana, p.ana} {
		if got := p.do(200, "GET", at, nil, who); !strings.Contains(got.text("main"), "The recording is gone") || got.doc.Find(".player").Length() != 0 {
			t.Errorf("after erasure: %s", got.text("main"))
		}
	}
	p.raw(404, "GET", at+"/media", "", nil, p.ana)
	if why := p.do(200, "GET", "/skills/question", nil, p.dana); !strings.Contains(why.text(".evidence"), "recording gone since") {
		t.Errorf("the evidence does not say that its recording is gone: %s", why.text(".evidence"))
	}
}

// A recording without a transcript is commented on by its moments.
func TestCommentAtAMoment(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.recording()
	p.raw(200, "PUT", at+"/media?take=1&offset=0&final=true", "audio/webm", webm.Silence(20*time.Second), p.dana)
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	desk := strings.Replace(at, "/attempts/", "/score/", 1)
	form := sheetValues(p.do(200, "GET", desk, nil, p.ana).value("#sheet [name=version]"), "4", "4", "4", "4", "4", "4")
	form.Set("do", "comment")
	form.Set("comment_text", "Here you waited.")
	for _, wrong := range []string{"soon", "09:00"} {
		form.Set("comment_at", wrong)
		got := p.do(422, "POST", desk, form, p.ana)
		if got.text("#comment_text") != "Here you waited." || got.value("#comment_at") != wrong {
			t.Errorf("a comment at %s: what was typed is lost", wrong)
		}
		form.Set("version", p.do(200, "GET", desk, nil, p.ana).value("#sheet [name=version]"))
	}
	form.Set("comment_at", "00:12")
	p.do(303, "POST", desk, form, p.ana)
	page := p.do(200, "GET", desk, nil, p.ana)
	if said := page.text(".marks"); !strings.Contains(said, "00:12") || !strings.Contains(said, "Here you waited.") || page.doc.Find(".marks [data-jump='12000']").Length() != 1 {
		t.Errorf("the desk shows: %s", said)
	}
	p.do(303, "POST", desk+"/release", url.Values{}, p.ana)
	if said := p.do(200, "GET", at, nil, p.dana).text(".marks"); !strings.Contains(said, "Here you waited.") {
		t.Errorf("the rep reads: %s", said)
	}
}

// A draft whose days are over says so to its rep.
func TestExpiredDraftSaysSo(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.recording()
	p.raw(200, "PUT", at+"/media?take=1&offset=0&final=true", "audio/webm", webm.Silence(2*time.Second), p.dana)
	now := p.site.Assessments.Now
	p.site.Assessments.Now = func() time.Time { return now().AddDate(0, 0, 181) }
	if err := p.site.Assessments.ExpireMedia(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := p.do(200, "GET", at, nil, p.dana)
	if !strings.Contains(page.text("#takes"), "when its 180 days were over") || page.doc.Find("form[action$='/submit']").Length() != 0 {
		t.Errorf("the draft reads: %s", page.text("#takes"))
	}
}
