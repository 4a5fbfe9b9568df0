package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pitchside/people"
	"pitchside/performance"

	"github.com/PuerkitoBio/goquery"
)

func init() {
	pageData["imports/list"] = importsPage{}
	pageData["imports/import"] = importPage{}
	pageData["performance/results"] = resultsPage{}
	pageData["performance/metric"] = resultsPage{}
}

// newCounter is an office that has results as well.
func newCounter(t *testing.T) *office {
	t.Helper()
	s := emptySite(t)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &office{t, s, h}
}

// send uploads a file and returns the answer.
func (o *office) send(want int, kind, name, file string, by *http.Cookie) answer {
	o.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("kind", kind)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		o.t.Fatal(err)
	}
	_, _ = part.Write([]byte(file))
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/admin/imports", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.AddCookie(by)
	rec := httptest.NewRecorder()
	o.h.ServeHTTP(rec, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(rec.Body.String()))
	if err != nil {
		o.t.Fatal(err)
	}
	if rec.Code != want {
		o.t.Fatalf("the upload of %s answered %d, want %d: %s", name, rec.Code, want, doc.Find("main").Text())
	}
	return answer{rec, doc}
}

// filledForm is what the first form that posts to this address would send.
func filledForm(a answer, action string) url.Values {
	form := url.Values{}
	a.doc.Find(`form[action="` + action + `"]`).First().Find("select, input").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		value, _ := f.Attr("value")
		if goquery.NodeName(f) == "select" {
			chosen := f.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = f.Find("option").First()
			}
			var has bool
			if value, has = chosen.Attr("value"); !has {
				value = chosen.Text()
			}
		}
		form.Add(name, value)
	})
	return form
}

// The way of a file from its choice to its undo, as an admin clicks it.
func TestImportFromFileToUndo(t *testing.T) {
	t.Parallel()
	o := newCounter(t)
	_, admin := o.person("Sam Birch", people.Admin)
	_, manager := o.person("Eve Marsh", people.Manager)
	_, rep := o.person("Dana Okafor", people.Rep)

	empty := o.do(200, "GET", "/team/performance", nil, manager)
	if empty.text(".empty h2") != "No deals yet" || empty.doc.Find(`.empty a[href="/admin/imports"]`).Length() != 1 {
		t.Errorf("without deals: %s", empty.text("main"))
	}
	o.do(404, "GET", "/admin/imports", nil, rep)
	o.do(404, "GET", "/admin/imports/templates/people", nil, manager)

	to := o.send(303, "people", "teams.csv", "sales_agent,manager,regional_office\nAnsa Hollis,Perrin Vale,North\nBrock Tindall,Perrin Vale,North\n", admin).Header().Get("Location")
	page := o.do(200, "GET", to, nil, admin)
	form := filledForm(page, to+"/mapping")
	if form.Get("name") != "sales_agent" || form.Get("team") != "regional_office" || form.Get("manager") != "manager" {
		t.Fatalf("guessed %v", form)
	}
	form.Set("reports_to", page.doc.Find(`#reports_to option:contains("Eve Marsh")`).AttrOr("value", ""))
	o.do(303, "POST", to+"/mapping", form, admin)
	page = o.do(200, "GET", to, nil, admin)
	if got := page.text(".tiles"); !strings.HasPrefix(got, "New2 Changed0") || !strings.Contains(page.text("main"), "1 manager and 1 team come with them.") {
		t.Errorf("preview: %s", page.text("main"))
	}
	o.do(303, "POST", to+"/confirm", url.Values{}, admin)
	o.do(303, "POST", to+"/confirm", url.Values{}, admin)
	if page = o.do(200, "GET", to, nil, admin); page.text("h1") != "Imported" {
		t.Errorf("after two clicks: %s", page.text("main"))
	}

	// The manager, to whom the file's manager reports, brings in the deals.
	var file strings.Builder
	file.WriteString("opportunity_id;sales_agent;deal_stage;close_date;close_value\n")
	for n := range 12 {
		stage := []string{"Won", "Lost", "Lost"}[n%3]
		file.WriteString(strings.Join([]string{string(rune('A' + n)), "Ansa Hollis", stage, "0" + string(rune('1'+n%9)) + "/05/2026", "1.200,50"}, ";") + "\n")
	}
	file.WriteString("Z1;Nobody Known;Won;01/05/2026;10,00\n")
	to = o.send(303, "opportunities", "deals.csv", file.String(), manager).Header().Get("Location")
	page = o.do(200, "GET", to, nil, manager)
	form = filledForm(page, to+"/mapping")
	if form.Get("date_format") != "" || form.Get("number_format") != performance.CommaDecimal {
		t.Errorf("guessed %v", form)
	}
	asked := o.do(422, "POST", to+"/mapping", form, manager)
	if asked.doc.Find(`#date_format[aria-invalid]`).Length() != 1 || asked.doc.Find(`#owner option[selected]`).Text() != "sales_agent" {
		t.Errorf("dates that may be read in two ways: %s", asked.text("main"))
	}
	form.Set("date_format", "DD/MM/YYYY")
	o.do(303, "POST", to+"/mapping", form, manager)
	page = o.do(200, "GET", to, nil, manager)
	if got := page.text("tr.bad"); !strings.Contains(got, "Nobody Known") || !strings.Contains(got, "Nobody in your teams") {
		t.Errorf("bad rows: %s", got)
	}
	if list := o.do(200, "GET", to+"/errors.csv", nil, manager); !strings.Contains(list.Body.String(), "Z1,Nobody Known,Won,01/05/2026,\"10,00\",14,sales_agent: Nobody in your teams") {
		t.Errorf("errors as a file: %s", list.Body)
	}
	o.do(303, "POST", to+"/confirm", url.Values{}, manager)

	results := o.do(200, "GET", "/team/performance", nil, manager)
	rows := results.doc.Find("#people").Parent().Parent().Find("tbody tr")
	if rows.Length() != 2 || rows.First().Find("[data-label=Won]").Text() != "4" || rows.First().Find("[data-label=Lost]").Text() != "8" || !strings.Contains(rows.First().Text(), "€4,802") || !strings.Contains(rows.Last().Text(), "no data") || strings.Contains(rows.Last().Text(), "0 %") {
		t.Errorf("by person: %s", rows.Text())
	}
	if got := results.text("#teams ~ .table-wrap tbody"); !strings.Contains(got, "fewer than 5 people") {
		t.Errorf("a team of two: %s", got)
	}
	if got := results.text(".tiles"); !strings.Contains(got, "4 of 12") || !strings.Contains(got, "1 May 2026") {
		t.Errorf("in all: %s", got)
	}
	if got := o.do(200, "GET", "/team/performance?from=2030-01-01", nil, manager).text(".empty"); !strings.Contains(got, "1 May 2026") {
		t.Errorf("a period without deals: %s", got)
	}
	if got := o.do(422, "GET", "/team/performance?from=2030-01-01&to=2029-01-01", nil, manager); got.doc.Find("#to[aria-invalid]").Length() != 1 || got.value("#from") != "2030-01-01" {
		t.Errorf("a period that ends before it begins: %s", got.text("main"))
	}
	if got := o.do(200, "GET", "/team/performance/win_rate", nil, manager).text("tbody"); !strings.Contains(got, "4 of 12 won. Best estimate") {
		t.Errorf("win rate: %s", got)
	}
	o.do(404, "GET", "/team/performance/luck", nil, manager)
	if got := o.do(200, "GET", "/team/performance.csv", nil, manager).Body.String(); !strings.Contains(got, ",Ansa Hollis,North,AE,,,12,4,8,") {
		t.Errorf("as a file: %s", got)
	}
	o.do(303, "POST", to+"/undo", url.Values{}, manager)
	if got := o.do(200, "GET", to, nil, manager).text("main"); !strings.Contains(got, "Everything is as it was before this import.") {
		t.Errorf("undone: %s", got)
	}
	var deals int
	if err := o.site.DB.QueryRow(context.Background(), `select count(*) from opportunities`).Scan(&deals); err != nil || deals != 0 {
		t.Errorf("%d deals are left, %v", deals, err)
	}
}

func TestUploadsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	o := newCounter(t)
	_, manager := o.person("Eve Marsh", people.Manager)
	_, other := o.person("Tomas Lind", people.Manager)
	for name, file := range map[string]string{"empty.csv": "", "photo.png": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"} {
		page := o.send(422, "opportunities", name, file, manager)
		if page.doc.Find("#file[aria-invalid]").Length() != 1 || page.text(".field .error") == "" {
			t.Errorf("%s: %s", name, page.text("main"))
		}
	}
	to := o.send(303, "opportunities", "header.csv", "id,owner,stage\n", manager).Header().Get("Location")
	o.do(404, "GET", to, nil, other)
	o.do(303, "POST", to+"/mapping", url.Values{"external_id": {"id"}, "owner": {"owner"}, "stage": {"stage"}}, manager)
	if page := o.do(200, "GET", to, nil, manager); page.text(".empty h3") != "The file has a header and no rows" || page.doc.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Errorf("a header and no rows: %s", page.text("main"))
	}
	o.do(303, "POST", to+"/discard", url.Values{}, manager)
	o.do(404, "GET", to, nil, manager)
}
