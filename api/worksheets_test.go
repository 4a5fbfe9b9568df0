package api_test

import (
	"fmt"
	"testing"
)

func TestWorksheetsByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	list, _ := r.call(200, r.dana, "GET", "/worksheets?limit=10", "")
	items := list["items"].([]any)
	next, _ := list["next"].(string)
	if len(items) != 10 || items[4].(map[string]any)["slug"] != "t5-profit-case" || next != "t10-sales-assessment" {
		t.Errorf("%d worksheets, next %q", len(items), next)
	}
	if rest, _ := r.call(200, r.dana, "GET", "/worksheets?cursor="+next, ""); len(rest["items"].([]any)) != 5 {
		t.Errorf("the second page: %v", rest["items"])
	}
	r.call(422, r.dana, "GET", "/worksheets?cursor=gone", "")
	one, _ := r.call(200, r.dana, "GET", "/worksheets/t5-profit-case", "")
	if f := one["fields"].([]any); len(f) != 8 || f[0].(map[string]any)["id"] != "f-number" || f[0].(map[string]any)["example"] == "" {
		t.Errorf("its fields: %v", one["fields"])
	}
	for _, c := range one["criteria"].([]any) {
		if c.(map[string]any)["skill"] != "quantify" {
			t.Errorf("a criterion is evidence of %v", c)
		}
	}
	r.call(404, r.dana, "GET", "/worksheets/gone", "")

	draft, _ := r.call(201, r.dana, "POST", "/worksheets/t5-profit-case/attempts", `{}`)
	id := int64(draft["id"].(float64))
	at := fmt.Sprintf("/attempts/%d", id)
	r.call(422, r.dana, "PUT", at+"/fields", `{"fields":{"f-gone":"x"}}`)
	r.call(404, r.ana, "PUT", at+"/fields", `{"fields":{"f-number":"x"}}`)
	r.call(409, r.dana, "POST", at+"/submit", "")
	saved, h := r.call(200, r.dana, "PUT", at+"/fields", `{"fields":{"f-number":"260 a week now."}}`)
	if saved["fields"].(map[string]any)["f-number"] != "260 a week now." || h.Get("ETag") != `"2"` {
		t.Errorf("saving answers %v, version %s", saved, h.Get("ETag"))
	}
	r.call(200, r.dana, "POST", at+"/submit", "")
	read, _ := r.call(200, r.ana, "GET", at, "")
	if read["worksheet"] != "t5-profit-case" || read["scenario"] != "" || read["form"] != "worksheet" || read["fields"].(map[string]any)["f-number"] != "260 a week now." {
		t.Errorf("the coach reads %v", read)
	}
	queue, _ := r.call(200, r.ana, "GET", "/scoring-queue", "")
	if w := queue["items"].([]any)[0].(map[string]any); w["worksheet"] != "t5-profit-case" || w["scenario"] != "" {
		t.Errorf("the queue has %v", w)
	}
	scores := ""
	for _, c := range []string{"facts", "customer_view", "logic", "action", "measure"} {
		scores += fmt.Sprintf(`,{"criterion":%q,"level":3,"quote":"260 a week now."}`, c)
	}
	sheet := fmt.Sprintf("%s/sheets/%d", at, r.anaID)
	got, _ := r.call(200, r.ana, "PUT", sheet, `{"scores":[`+scores[1:]+`],"keep":"k","try_next":"t"}`)
	if got["overall"] != 50.0 {
		t.Errorf("the sheet is %v", got)
	}
	r.call(200, r.ana, "POST", sheet+"/release", "")
	second, _ := r.call(201, r.dana, "POST", "/worksheets/t5-profit-case/attempts", fmt.Sprintf(`{"revises":%d}`, id))
	if second["number"] != 2.0 || int64(second["revises"].(float64)) != id || second["fields"].(map[string]any)["f-number"] != "260 a week now." {
		t.Errorf("the revision is %v", second)
	}
	mine, _ := r.call(200, r.dana, "GET", fmt.Sprintf("/people/%d/attempts?worksheet=t5-profit-case", r.danaID), "")
	if len(mine["items"].([]any)) != 2 {
		t.Errorf("her attempts: %v", mine["items"])
	}

	// A system brings one over and guards its write.
	brought, h := r.call(201, r.system, "POST", "/worksheets/t1-territory/attempts", fmt.Sprintf(`{"person_id":%d}`, r.danaID))
	path := fmt.Sprintf("/attempts/%d/fields", int64(brought["id"].(float64)))
	r.call(200, r.system, "PUT", path, `{"fields":{"f-hours":"46 × 8 = 368 visits"}}`, "If-Match", h.Get("ETag"))
	r.call(412, r.system, "PUT", path, `{"fields":{"f-hours":"400 visits"}}`, "If-Match", h.Get("ETag"))
}
