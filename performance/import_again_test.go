package performance_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// A crash of the database empties the staged rows; confirming reads the file
// once more and ends the same.
func TestConfirmAfterACrash(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")
	i := h.preview(admin, performance.OpportunitiesKind, "id,owner,stage,amount\n1,Moe Fraser,won,10\n2,Nobody,won,10\n3,Moe Fraser,won,x\n4,Moe Fraser,lost,10\n")
	before := h.errorsOf(admin, i.ID)
	h.exec(`delete from import_rows where import_id = $1`, i.ID)
	i, err := h.s.Confirm(ctx, admin, i.ID)
	if err != nil || counts(i) != "imported: 2 new, 0 changed, 0 same, 2 wrong" {
		t.Error(counts(i), err)
	}
	if diff := cmp.Diff(before, h.errorsOf(admin, i.ID)); diff != "" {
		t.Error(diff)
	}
}

// A job that was killed in mid-way is run again, and one that has ended does
// nothing the second time.
func TestWorkRunsTwiceWithoutHarm(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")
	i := h.preview(admin, performance.OpportunitiesKind, "id,owner,stage\n1,Moe Fraser,won\n2,Moe Fraser,lost\n3,Nobody,lost\n")
	h.exec(`update imports set state = 'previewing', to_create = 0, errors = 0 where id = $1`, i.ID)
	h.exec(`delete from import_rows where import_id = $1 and row = 3`, i.ID)
	for range 2 {
		if err := h.s.Preview(ctx, i.ID); err != nil {
			t.Fatal(err)
		}
	}
	i, err := h.s.Confirm(ctx, admin, i.ID)
	if err != nil || counts(i) != "imported: 2 new, 0 changed, 0 same, 1 wrong" {
		t.Fatal(counts(i), err)
	}
	for _, again := range []func(context.Context, int64) error{h.s.Preview, h.s.CarryOut, h.s.TakeBack} {
		if err := again(ctx, i.ID); err != nil {
			t.Fatal(err)
		}
	}
	if i, err = h.s.Import(ctx, admin, i.ID); err != nil || counts(i) != "imported: 2 new, 0 changed, 0 same, 1 wrong" {
		t.Error(counts(i), err)
	}
	if n := h.count(`select count(*) from audit_log where act = 'import importing'`); n != 1 {
		t.Errorf("%d lines in the audit log, want 1", n)
	}
}

// Clicks at the same moment carry the import out once.
func TestConfirmedAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.New(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")
	i := h.preview(admin, performance.OpportunitiesKind, "id,owner,stage\n1,Moe Fraser,won\n2,Moe Fraser,lost\n")
	var clicks sync.WaitGroup
	for range 3 {
		clicks.Go(func() {
			got, err := h.s.Confirm(ctx, admin, i.ID)
			if err != nil || counts(got) != "imported: 2 new, 0 changed, 0 same, 0 wrong" {
				t.Error(counts(got), err)
			}
		})
	}
	clicks.Wait()
	if n := h.count(`select count(*) from import_changes where import_id = $1`, i.ID); n != 2 {
		t.Errorf("%d changes are kept, want 2", n)
	}
}

// A workbook says its dates itself, so there is nothing to ask.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")
	x := excelize.NewFile()
	for n, row := range [][]any{{"Record ID", "Deal owner", "Deal Stage", "Close Date", "Amount"},
		{101, "Moe Fraser", "closedwon", time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC), 1200.5}, {102, "Moe Fraser", "contractsent", nil, nil}, {103, "Moe Fraser", "closedlost", "soon", 5}} {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := x.Write(&file); err != nil {
		t.Fatal(err)
	}
	i := h.preview(admin, performance.OpportunitiesKind, file.String())
	if diff := cmp.Diff([]string{"4 Close Date: This is not a date, as those of the other rows are."}, h.errorsOf(admin, i.ID)); diff != "" {
		t.Error(diff)
	}
	if i, err := h.s.Confirm(context.Background(), admin, i.ID); err != nil || i.ToCreate != 2 {
		t.Error(counts(i), err)
	}
	if n := h.count(`select count(*) from opportunities where external_id = '101' and outcome = 'won' and closed = '2026-04-03' and amount = 1200.50
		or external_id = '102' and outcome = 'open' and closed is null and amount is null`); n != 2 {
		t.Error("the values differ")
	}
	var out strings.Builder
	if err := h.s.WriteErrors(context.Background(), admin, i.ID, &out); err != nil || !strings.Contains(out.String(), "103,Moe Fraser,closedlost,soon,5,4,") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
