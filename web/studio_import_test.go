package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

// More than two hundred documents have a page of their own, with the report at
// the end.
func TestALargeUploadHasAPage(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	_, ina := p.person("Ina Brandt", people.Author)
	var files []content.File
	for c := range 4 {
		files = append(files, content.File{Path: fmt.Sprintf("courses/many%d/course.md", c), Body: []byte("---\ntitle: Many\nsummary: Many lessons.\naudience: All\noutcomes: [Some]\nskills: []\nattribution: Our own words.\n---\n\nAbout it.\n")})
		for i := range content.LargeImport / 4 {
			files = append(files, content.File{Path: fmt.Sprintf("courses/many%d/%02d-l%02d.md", c, i+1, i+1), Body: fmt.Appendf(nil, "---\ntitle: Lesson %d\nminutes: 3\n---\n\nWords.\n", i)})
		}
	}
	var body, archive bytes.Buffer
	if err := content.WriteZip(&archive, files); err != nil {
		t.Fatal(err)
	}
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "many.zip")
	if err == nil {
		_, err = part.Write(archive.Bytes())
	}
	if err == nil {
		err = form.WriteField("publish", "yes")
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	to := p.raw(303, "POST", "/studio/import", form.FormDataContentType(), body.Bytes(), ina).Header().Get("Location")
	if !strings.HasPrefix(to, "/studio/imports/") {
		t.Fatalf("the upload leads to %s", to)
	}
	report := p.do(200, "GET", to, nil, ina)
	if report.doc.Find("tbody tr").Length() != len(files) || report.doc.Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Errorf("the report has %d rows: %s", report.doc.Find("tbody tr").Length(), report.text(".lede"))
	}
	if _, err := p.site.DB.Exec(t.Context(), `update library_imports set state = 'running', finished_at = null, done = 100`); err != nil {
		t.Fatal(err)
	}
	running := p.do(200, "GET", to, nil, ina)
	if running.doc.Find("head meta[http-equiv=refresh]").Length() != 1 || !strings.Contains(running.text("main"), "100 of 204 documents") || running.doc.Find("tbody").Length() != 0 {
		t.Errorf("while it runs: %s", running.text("main"))
	}
	p.do(404, "GET", to, nil, p.dana)
}
