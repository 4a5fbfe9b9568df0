package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pitchside/internal/webm"
)

// send makes a request whose body and answer are not JSON.
func (r ring) send(want int, token, method, path string, body []byte, headers ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.h.ServeHTTP(w, req)
	if w.Code != want {
		r.t.Fatalf("%s %s answered %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	return w
}

func TestMediaIsSentInPartsAndPlayed(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	file := webm.Silence(20 * time.Second)
	n := len(file)
	made, _ := r.call(201, r.dana, "POST", "/scenarios/spi1-packaging-stoppages/attempts", `{"form": "recording"}`)
	at := fmt.Sprintf("/attempts/%v/media", made["id"])
	offset := func(w *httptest.ResponseRecorder, want int) {
		t.Helper()
		if got := w.Header().Get("Upload-Offset"); got != fmt.Sprint(want) {
			t.Errorf("Upload-Offset %s, want %d: %s", got, want, w.Body)
		}
	}
	offset(r.send(200, r.dana, "PUT", at, nil, "Content-Range", "bytes */100"), 0)
	offset(r.send(200, r.dana, "PUT", at+"?take=1&offset=0", file[:700], "Content-Type", "audio/webm"), 700)
	offset(r.send(200, r.dana, "PUT", at+"?take=1&offset=0", file[:700], "Content-Type", "audio/webm"), 700)
	offset(r.send(409, r.dana, "PUT", at+"?take=1&offset=900", file[900:], "Content-Type", "audio/webm"), 700)
	offset(r.send(200, r.dana, "PUT", at, nil, "Content-Range", fmt.Sprintf("bytes */%d", n)), 700)
	offset(r.send(200, r.dana, "PUT", at, file[600:], "Content-Range", fmt.Sprintf("bytes 600-%d/%d", n-1, n)), n)
	r.send(422, r.dana, "PUT", at, file, "Content-Range", "bytes 5-2/9")
	r.send(422, r.dana, "PUT", at+"?take=2", []byte("ID3 a song in a format that is not taken here"), "Content-Type", "audio/mpeg")
	offset(r.send(200, r.dana, "PUT", at+"?take=3", file, "Content-Type", "audio/webm"), n) // whole
	r.send(404, r.ana, "GET", at, nil)
	list, _ := r.call(200, r.dana, "GET", fmt.Sprintf("/attempts/%v/takes", made["id"]), "")
	if got := list["items"].([]any); len(got) != 3 || got[0].(map[string]any)["finished"] != true || got[1].(map[string]any)["offset"] != float64(0) {
		t.Errorf("takes: %v", got)
	}
	r.call(200, r.dana, "PUT", fmt.Sprintf("/attempts/%v/takes/1/chosen", made["id"]), "")
	r.send(204, r.dana, "DELETE", fmt.Sprintf("/attempts/%v/takes/3", made["id"]), nil)
	r.call(200, r.dana, "POST", fmt.Sprintf("/attempts/%v/submit", made["id"]), "")
	whole := r.send(200, r.ana, "GET", at, nil)
	part := r.send(206, r.ana, "GET", at, nil, "Range", "bytes=300-399")
	if !bytes.Equal(part.Body.Bytes(), whole.Body.Bytes()[300:400]) || part.Header().Get("Content-Type") != "audio/webm" || part.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a range: %d bytes, %v", part.Body.Len(), part.Header())
	}
	r.send(304, r.ana, "GET", at, nil, "If-None-Match", whole.Header().Get("ETag"))
	views, _ := r.call(200, r.dana, "GET", fmt.Sprintf("/attempts/%v/views", made["id"]), "")
	if got := views["items"].([]any); len(got) != 1 || got[0].(map[string]any)["viewer"] != "Ana Ruiz" || got[0].(map[string]any)["played"] != true {
		t.Errorf("views: %v", got)
	}
	r.send(409, r.dana, "PUT", at+"?take=4", file)
	r.send(404, r.ben, "PUT", at+"?take=4", file)
}

// Systems that bring data over send a recording whole.
func TestMediaIsBroughtOver(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	made, _ := r.call(201, r.system, "POST", "/scenarios/spi1-packaging-stoppages/attempts", fmt.Sprintf(`{"person_id": %d, "form": "recording"}`, r.danaID))
	at := fmt.Sprintf("/attempts/%v", made["id"])
	r.send(http.StatusOK, r.system, "PUT", at+"/media", webm.Silence(3*time.Second), "Content-Type", "video/webm")
	r.call(200, r.system, "POST", at+"/submit", "")
	if got := r.send(200, r.ana, "GET", at+"/media", nil); got.Body.Len() < 500 {
		t.Errorf("%d bytes are played", got.Body.Len())
	}
}

func TestLiveCallByPrograms(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	made, _ := r.call(201, r.dana, "POST", "/scenarios/spi1-packaging-stoppages/attempts", `{"form": "live"}`)
	at := fmt.Sprintf("/attempts/%v/live", made["id"])
	r.call(404, r.dana, "GET", at, "")
	r.call(422, r.dana, "PUT", at+"/partner", `{"email": "nobody@fernhill.example"}`)
	r.call(200, r.dana, "PUT", at+"/partner", `{"email": "ben.ito@fernhill.example"}`)
	r.call(404, r.ana, "GET", at, "")
	r.call(409, r.ben, "PUT", at+"/ticks/fact-1", `{"on": true}`)
	r.call(200, r.dana, "POST", at+"/start", "")
	r.call(200, r.ben, "PUT", at+"/ticks/fact-1", `{"on": true}`)
	r.call(404, r.dana, "PUT", at+"/ticks/fact-1", `{"on": false}`)
	_, head := r.call(200, r.ben, "PUT", at+"/notes", `{"text": "I was heard."}`)
	r.call(412, r.ben, "PUT", at+"/notes", `{"text": "Late."}`, "If-Match", `"1"`)
	r.call(200, r.ben, "PUT", at+"/notes", `{"text": "I was heard, twice."}`, "If-Match", head.Get("ETag"))
	if mine, _ := r.call(200, r.dana, "GET", at, ""); len(mine["triggers"].([]any)) != 0 || mine["notes"] != "" {
		t.Errorf("the rep reads the buyer's side: %v", mine)
	}
	r.call(200, r.ben, "POST", at+"/end", "")
	r.call(200, r.dana, "POST", fmt.Sprintf("/attempts/%v/submit", made["id"]), "")
	got, _ := r.call(200, r.ana, "GET", at, "")
	first := got["triggers"].([]any)[0].(map[string]any)
	if got["notes"] != "I was heard, twice." || first["name"] != "The load" || first["at_ms"] == nil || len(got["triggers"].([]any)) != 8 {
		t.Errorf("the coach reads: %v", got)
	}
}
