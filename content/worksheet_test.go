package content_test

import (
	"strings"
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

func TestWorksheetIsGuidanceAndFields(t *testing.T) {
	t.Parallel()
	id, _, _ := content.Identify("worksheets/w.md")
	d := content.Read(id, []byte(`---
title: W
skills: [account, stakeholders]
---
Before all.

## Where we stand

Between.

### Baseline {#f-baseline rows=6}

Ask *who owns it*.

#### A hint

More guidance.

> [!example] Lorne Foods
> Twelve hours **a week**.
>
> | a | b |
> |---|---|
> | 1 | 2 |

## Next {#f-next}
G.

## After all

The end.
`))
	if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Cause, "“Next” has no filled example") {
		t.Fatalf("problems: %v", d.Problems)
	}
	var order []string
	for _, p := range d.Worksheet.Parts {
		if p.Field != nil {
			order = append(order, p.Field.ID)
		} else {
			order = append(order, "text")
		}
	}
	if diff := cmp.Diff([]string{"text", "f-baseline", "f-next", "text"}, order); diff != "" {
		t.Error(diff)
	}
	f := d.Worksheet.Field("f-baseline")
	if f.Title != "Baseline" || f.Rows != 6 || f.Level != 3 || f.Case != "Lorne Foods" {
		t.Errorf("the field is %+v", f)
	}
	if g := string(f.Guidance); !strings.Contains(g, "<em>who owns it</em>") || !strings.Contains(g, "More guidance") || strings.Contains(g, "Twelve") {
		t.Errorf("guidance: %s", g)
	}
	if e := string(f.Example); !strings.Contains(e, "<strong>a week</strong>") || !strings.Contains(e, "<table") {
		t.Errorf("example: %s", e)
	}
	if next := d.Worksheet.Field("f-next"); next.Rows != 4 || next.Example != "" || next.Case != "" {
		t.Errorf("the second field is %+v", next)
	}
	for own, want := range map[string]string{"account": "account", "stakeholders": "stakeholders", "plan": "account", "quantify": "account"} {
		if got := d.Worksheet.CriterionSkill(own); got != want {
			t.Errorf("a criterion of %s counts for %s, want %s", own, got, want)
		}
	}
	if got := (&content.Worksheet{}).CriterionSkill("plan"); got != "plan" {
		t.Errorf("without skills of its own a worksheet changes plan to %s", got)
	}
}
