package web

import (
	"archive/zip"
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"pitchside/content"
	"pitchside/content/bank"
	"pitchside/people"

	"github.com/PuerkitoBio/goquery"
)

func init() {
	pageData["studio/list"] = studioPage{}
	pageData["studio/imported"] = importedPage{}
	pageData["studio/document"] = documentPage{}
	pageData["studio/changes"] = changesPage{}
	pageData["studio/edit"] = editPage{}
	pageData["studio/conflict"] = conflictPage{}
	pageData["studio/learner"] = asLearnerPage{}
	pageData["studio/new"] = newPage{}
	pageData["studio/bank"] = bankPage{}
	pageData["studio/media"] = mediaPage{}
	pageData["studio/publish"] = publishPage{}
}

// newStudio is an office with the built-in library and an author.
func newStudio(t *testing.T) (*office, *http.Cookie) {
	t.Helper()
	o := newOffice(t)
	o.site.Content = &content.Service{DB: o.site.DB, Now: o.site.Now}
	if err := o.site.Content.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	_, jo := o.person("Jo Parrish", people.Author)
	return o, jo
}

// upload posts files to the studio: one zip under "file", or a folder's files.
func (o *office) upload(want int, who *http.Cookie, publish, part string, pairs ...string) answer {
	o.t.Helper()
	return o.hand(want, who, "/studio/import", url.Values{"publish": {publish}}, part, pairs...)
}

// hand posts a form with files, pairs of names and bytes, under one name.
func (o *office) hand(want int, who *http.Cookie, to string, fields url.Values, part string, pairs ...string) answer {
	o.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, values := range fields {
		_ = form.WriteField(name, values[0])
	}
	for i := 0; i < len(pairs); i += 2 {
		head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + part + `"; filename="` + pairs[i] + `"`}}
		w, err := form.CreatePart(head)
		if err != nil {
			o.t.Fatal(err)
		}
		_, _ = w.Write([]byte(pairs[i+1]))
	}
	_ = form.Close()
	r := httptest.NewRequest("POST", to, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(who)
	w := httptest.NewRecorder()
	o.h.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil || w.Code != want {
		o.t.Fatalf("answered %d, want %d: %s %v", w.Code, want, doc.Find("main").Text(), err)
	}
	return answer{w, doc}
}

const (
	tinyCourse = "---\ntitle: Tiny\nattribution: Our own.\n---\nHello.\n\n![A dot](dot.svg)\n"
	tinyLesson = "---\ntitle: One\n---\nText with <b>markup</b>.\n\n### Which? {#q-which}\n- ( ) This\n- ( ) That\n! That is it.\n"
)

func TestStudio(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	list := o.do(200, "GET", "/studio", nil, jo)
	if rows := list.doc.Find("tbody tr").Length(); rows < 14 || list.doc.Find(".tag.bad").Length() > 0 {
		t.Errorf("%d rows, %s", rows, list.text(".tag.bad"))
	}
	if only := o.do(200, "GET", "/studio?kind=rubric", nil, jo); only.doc.Find("tbody tr").Length() == 0 || only.doc.Find("tbody td[data-label=Kind]:contains(Rubric)").Length() != only.doc.Find("tbody tr").Length() {
		t.Errorf("rubrics: %s", only.text("tbody"))
	}
	if none := o.do(200, "GET", "/studio?only=drafts", nil, jo); none.doc.Find(".empty").Length() != 1 {
		t.Errorf("drafts: %s", none.text("main"))
	}
	if found := o.do(200, "GET", "/studio?text=IMPLICATION", nil, jo); found.doc.Find("tbody tr").Length() != 1 || found.doc.Find("#group-0").Length() != 1 {
		t.Errorf("found: %s", found.text("main"))
	}
	if groups := list.doc.Find("main section h2").Text(); !strings.Contains(groups, "Questions for large sales") || !strings.Contains(groups, "Rubrics") || !strings.Contains(groups, "Framework") {
		t.Errorf("groups: %s", groups)
	}
	for _, h := range []string{"course/questions-for-large-sales", "lesson/questions-for-large-sales.implication-questions", "quiz/questions-for-large-sales", "cards/questions-for-large-sales",
		"scenario/spi1-packaging-stoppages", "rubric/spi", "skills/skills", "roles/roles", "template/k1-grow", "metrics/metrics"} {
		page := o.do(200, "GET", "/studio/"+h, nil, jo)
		if page.doc.Find(".lines li").Length() < 20 || strings.Contains(page.text(".preview"), "There is nothing to show") {
			t.Errorf("%s: %s", h, page.text(".preview"))
		}
		ids := map[string]bool{}
		page.doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id, _ := s.Attr("id")
			if ids[id] {
				t.Errorf("%s has the id %s twice", h, id)
			}
			ids[id] = true
		})
	}
	o.do(404, "GET", "/studio/lesson/gone", nil, jo)
	o.do(404, "GET", "/studio/lesson/questions-for-large-sales.implication-questions/versions/9", nil, jo)
}

func TestStudioImport(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	lesson := "/studio/lesson/tiny.one"
	in := o.upload(200, jo, "no", "folder", "mine/courses/tiny/course.md", tinyCourse, "mine/courses/tiny/01-one.md", tinyLesson, "mine/courses/tiny/dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
	if !strings.Contains(in.text(".lede"), "3 documents have a new draft, of 3") || in.doc.Find(".problems .error").Length() != 1 {
		t.Errorf("came in: %s", in.text("main"))
	}
	page := o.do(200, "GET", lesson, nil, jo)
	if page.doc.Find("#L6.bad").Length() != 1 || page.text(".problems a[href='#L6']") != "error: Line 6, col 1" || page.doc.Find("button.filled[disabled]").Length() != 1 {
		t.Errorf("the draft: %s", page.text("main"))
	}
	if page.doc.Find(".lines b").Length() > 0 || !strings.Contains(page.text("#L4"), "<b>markup</b>") {
		t.Errorf("the source is not shown as text: %s", page.text("#L4"))
	}
	o.do(409, "POST", lesson+"/publish", url.Values{"version": {"1"}}, jo)
	o.do(303, "POST", "/studio/media/courses:tiny:dot.svg/publish", url.Values{"version": {"1"}}, jo)
	o.do(303, "POST", "/studio/course/tiny/publish", url.Values{"version": {"1"}}, jo)

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("courses/tiny/01-one.md")
	_, _ = w.Write([]byte(strings.Replace(tinyLesson, "( ) That", "(x) That", 1)))
	_ = z.Close()
	in = o.upload(200, jo, "yes", "file", "library.zip", b.String())
	if !strings.Contains(in.text(".lede"), "1 document has a new published version, of 1") {
		t.Errorf("came in: %s", in.text("main"))
	}
	page = o.do(200, "GET", lesson, nil, jo)
	if got := page.text(".page-head .tag"); got != "Version 2, published" || page.doc.Find("a.filled[href='/learn/tiny/one']").Length() != 1 {
		t.Errorf("published: %s", got)
	}
	if page.doc.Find(".preview form, .preview script").Length() > 0 || !strings.Contains(page.text(".key"), "That is it.") {
		t.Errorf("preview: %s", page.text(".preview"))
	}
	if earlier := o.do(200, "GET", lesson+"/versions/1", nil, jo); earlier.text(".page-head .tag") != "Draft of version 1" || earlier.doc.Find("button.filled").Length() > 0 {
		t.Errorf("earlier: %s", earlier.text("main"))
	}

	dot := o.do(200, "GET", "/media/courses/tiny/dot.svg", nil, jo)
	if h := dot.Header(); h.Get("Content-Type") != "image/svg+xml" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("media: %v", h)
	}
	o.do(404, "GET", "/media/courses/tiny/01-one.md", nil, jo)

	bad := o.upload(422, jo, "yes", "file", "x.zip", "no zip")
	if !strings.Contains(bad.text(".summary"), "not a zip file") {
		t.Errorf("bad upload: %s", bad.text("main"))
	}
	o.upload(422, jo, "yes", "file")
	out := o.do(200, "GET", "/studio/export.zip", nil, jo)
	if _, err := content.OpenZip(bytes.NewReader(out.Body.Bytes()), int64(out.Body.Len())); err != nil {
		t.Error(err)
	}
}

func TestTheCompanysFolder(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	o.do(409, "POST", "/studio/sync", nil, jo)
	lib := fstest.MapFS{"courses/tiny/course.md": {Data: []byte("---\ntitle: Tiny\nattribution: Our own.\n---\nHello.\n")}, "courses/tiny/01-one.md": {Data: []byte(tinyLesson)}}
	o.site.Content.Folder = &content.Folder{Name: "/srv/library", Files: lib}
	if list := o.do(200, "GET", "/studio", nil, jo); list.doc.Find("form[action='/studio/sync'] button").Length() != 1 {
		t.Errorf("no button: %s", list.text("main"))
	}
	page := o.do(200, "POST", "/studio/sync", nil, jo)
	if lede := page.text(".lede"); !strings.Contains(lede, "/srv/library: 1 new.") || !strings.Contains(lede, "1 error") || page.text("tbody td[data-label='Came of it']") != "new" {
		t.Errorf("the report: %s", page.text("main"))
	}
}

func TestAQuestionBankBecomesADraft(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	if page := o.do(200, "GET", "/studio/bank", nil, jo); page.doc.Find("#format option").Length() != len(bank.Formats) || page.doc.Find("button.filled").Length() != 1 {
		t.Errorf("%s", page.text("main"))
	}
	text := "What opens a call? {=A question ~A pitch}\n\nWho? {~A ~B}"
	page := o.hand(200, jo, "/studio/bank", url.Values{"format": {"gift"}, "text": {text}}, "file")
	if !strings.Contains(page.text(".lede"), "1 question was read, 1 left out") || !strings.Contains(page.text(".problems .error"), "Line 3, col 1") || page.doc.Find("[data-question]").Length() != 1 || page.doc.Find("#text").Text() != text || page.doc.Find("button.filled").Length() != 1 {
		t.Errorf("the report: %s", page.text("main"))
	}
	markdown := page.doc.Find("#markdown").Text()
	o.hand(422, jo, "/studio/bank", url.Values{"format": {"word"}, "text": {text}}, "file")
	o.hand(422, jo, "/studio/bank", url.Values{"format": {"gift"}}, "file")
	if file := o.hand(200, jo, "/studio/bank", url.Values{"format": {"gift"}}, "file", "bank.gift", text); file.doc.Find("#markdown").Text() != markdown {
		t.Errorf("the file: %s", file.text("main"))
	}
	if kept := o.do(422, "POST", "/studio/bank/append", url.Values{"markdown": {markdown}}, jo); kept.doc.Find("#markdown").Text() != markdown {
		t.Errorf("what was typed is lost: %s", kept.text("main"))
	}
	o.do(303, "POST", "/studio/bank/append", url.Values{"markdown": {markdown}, "course": {"questions-for-large-sales"}}, jo)
	edit := o.do(200, "GET", "/studio/quiz/questions-for-large-sales/edit", nil, jo)
	if edit.text(".page-head .tag") != "Draft of version 2, 1 is published" || !strings.HasSuffix(edit.doc.Find("#source").Text(), markdown+"\n") || edit.doc.Find(".problems .error").Length() != 0 {
		t.Errorf("the draft: %s", edit.text(".page-head"))
	}
}

func TestUploadAPicture(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	const drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
	course := url.Values{"course": {"selling-foundations"}}
	if page := o.hand(422, jo, "/studio/media", course, "file", "Zone.svg", drawing); page.doc.Find("#alt[aria-invalid]").Length() != 1 || page.doc.Find("#course option[selected]").AttrOr("value", "") != "selling-foundations" {
		t.Errorf("without words: %s", page.text("main"))
	}
	o.hand(422, jo, "/studio/media", course, "file")
	course.Set("alt", "The [zone] of agreement")
	o.hand(422, jo, "/studio/media", course, "file", "zone.png", drawing)
	o.hand(422, jo, "/studio/media", url.Values{"alt": {"x"}}, "file", "zone.svg", drawing)
	page := o.hand(200, jo, "/studio/media", course, "file", "Zone.svg", drawing)
	if got := page.text(".snippet"); got != `![The \[zone\] of agreement](zone.svg)` {
		t.Errorf("the snippet: %s", got)
	}
	got := o.do(200, "GET", "/media/courses/selling-foundations/zone.svg", nil, jo)
	if policy := got.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts") || strings.Contains(policy, "script-src") {
		t.Errorf("a script in the drawing may run: %s", policy)
	}
}
