package performance_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const dealHeader = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"

func TestDealsComeIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	rep := h.person("Moe Fraser")
	file := dealHeader +
		"A1,Moe Fraser,GTX,Cancity,Won,2026-01-20,2026-03-01,1054\n" +
		"A2,moe  fraser,GTX,,Engaging,2026-02-20,,\n" +
		"A3,Moe Fraser,GTX,Isdom,Lost,2026-02-20,2026-03-02,0\n"
	i := h.preview(admin, performance.OpportunitiesKind, file)
	if got := counts(i); got != "previewed: 3 new, 0 changed, 0 same, 0 wrong" {
		t.Error(got)
	}
	if n := h.count(`select count(*) from opportunities`); n != 0 {
		t.Errorf("a preview wrote %d deals", n)
	}
	if len(i.Sample) != 3 || i.Sample[0].Action != "create" || i.Sample[0].Fields["amount"] != "1054.00" {
		t.Errorf("sample %v", i.Sample)
	}
	i, err := h.s.Confirm(context.Background(), admin, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := counts(i); got != "imported: 3 new, 0 changed, 0 same, 0 wrong" {
		t.Error(got)
	}
	type deal struct {
		ExternalID, Account, Stage, Outcome, Closed string
		Amount                                      *float64
		Mine                                        bool
	}
	deals, err := pg.All[deal](context.Background(), h.db, `select external_id, account, stage, outcome, coalesce(closed::text, '') as closed, amount::float8, owner_id = $1 as mine from opportunities order by external_id`, rep.ID)
	if err != nil {
		t.Fatal(err)
	}
	value, nothing := 1054.0, 0.0
	want := []deal{{"A1", "Cancity", "Won", "won", "2026-03-01", &value, true}, {"A2", "", "Engaging", "open", "", nil, true}, {"A3", "Isdom", "Lost", "lost", "2026-03-02", &nothing, true}}
	if diff := cmp.Diff(want, deals); diff != "" {
		t.Error(diff)
	}

	t.Run("a second click", func(t *testing.T) {
		again, err := h.s.Confirm(context.Background(), admin, i.ID)
		if err != nil || again.State != performance.Imported || h.count(`select count(*) from opportunities`) != 3 {
			t.Errorf("%v, %v", again.State, err)
		}
	})
	t.Run("the same file again", func(t *testing.T) {
		second := h.upload(admin, performance.OpportunitiesKind, file)
		same, err := h.s.SameFile(context.Background(), admin, second.ID)
		if err != nil || same == nil || same.ID != i.ID {
			t.Errorf("same file: %v, %v", same, err)
		}
		if got := counts(h.bring(admin, performance.OpportunitiesKind, file)); got != "imported: 0 new, 0 changed, 3 same, 0 wrong" {
			t.Error(got)
		}
	})
	t.Run("a later export, and its undo", func(t *testing.T) {
		later := h.bring(admin, performance.OpportunitiesKind, "opportunity_id,sales_agent,deal_stage,close_date,close_value\n"+
			"A1,Moe Fraser,Won,2026-03-01,1054\nA2,Moe Fraser,Won,2026-04-02,900\nA3,Moe Fraser,Lost,2026-03-05,0\nA4,Moe Fraser,Prospecting,,\n")
		if got := counts(later); got != "imported: 1 new, 2 changed, 1 same, 0 wrong" {
			t.Error(got)
		}
		if n := h.count(`select count(*) from opportunities where external_id = 'A2' and product = 'GTX' and created = '2026-02-20' and closed = '2026-04-02' and outcome = 'won'`); n != 1 {
			t.Error("a column that the file lacks was emptied, or one that it has was not taken")
		}
		h.exec(`update opportunities set account = 'edited', version = version + 1 where external_id = 'A3'`)
		undone, err := h.s.Undo(context.Background(), admin, later.ID)
		if err != nil || undone.State != performance.Undone || undone.LeftAlone != 1 {
			t.Fatalf("%v, %d left alone, %v", undone.State, undone.LeftAlone, err)
		}
		if n := h.count(`select count(*) from opportunities where external_id = 'A4' or external_id = 'A2' and (outcome <> 'open' or closed is not null) or external_id = 'A3' and account <> 'edited'`); n != 0 {
			t.Error("the undo did not put back what it should, or did what it should not")
		}
		left, _, err := h.s.LeftAlone(context.Background(), admin, later.ID, 10, "")
		if err != nil || len(left) != 1 || left[0].Why != "The deal A3 was edited since." {
			t.Errorf("left alone %v, %v", left, err)
		}
		if again, err := h.s.Undo(context.Background(), admin, later.ID); err != nil || again.State != performance.Undone {
			t.Errorf("undone twice: %v, %v", again.State, err)
		}
	})
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")
	h.person("Twin Peak")
	h.person("Twin Peak")
	i := h.preview(admin, performance.OpportunitiesKind, dealHeader+
		"B1,Moe Fraser,GTX,Cancity,Won,2026-01-20,2026-02-30,1054\n"+
		"B2,Nobody Known,GTX,Cancity,Won,2026-01-20,2026-02-20,1054\n"+
		"B3,Twin Peak,GTX,Cancity,Won,2026-01-20,2026-02-20,1054\n"+
		"B4,Moe Fraser,GTX,Cancity,Won,2026-01-20,2026-02-20,10x54\n"+
		"B5,Moe Fraser,GTX,Cancity,Won,2026-01-20,2026-02-20,1054\n"+
		"B5,Moe Fraser,GTX,Cancity,Lost,2026-01-20,2026-02-20,1054\n"+
		",Moe Fraser,GTX,Cancity,Won,2026-01-20,2026-02-20,1054\n"+
		"B7,Moe Fraser,GTX,Cancity\n"+
		"B8,Moe Fraser,GTX,Cancity,Won,2026-03-20,2026-02-20,1054\n"+
		"B9,Moe Fraser,GTX,Cancity,,2026-01-20,soon,1054\n")
	if got := counts(i); got != "previewed: 1 new, 0 changed, 0 same, 9 wrong" {
		t.Error(got)
	}
	want := []string{
		"2 close_date: February 2026 has 28 days.",
		"3 sales_agent: Nobody here has this name or e-mail. Add the person first; an import of deals never adds people.",
		"4 sales_agent: Several people have this name. Give the e-mail of the one who is meant.",
		"5 close_value: This is not an amount of the form 1,234.56.",
		"7 opportunity_id: Row 6 has the same id. Keep one of the two.",
		"8 opportunity_id: This cell is empty, and every row needs it.",
		"9 : This row has 4 cells, and the header has 8. A delimiter or a quote may be missing or too many.",
		"10 close_date: This deal was closed before it was opened.",
		"11 deal_stage: This cell is empty, and every row needs it.",
		"11 close_date: This is not a date in the form YYYY-MM-DD.",
	}
	if diff := cmp.Diff(want, h.errorsOf(admin, i.ID)); diff != "" {
		t.Error(diff)
	}
	var out strings.Builder
	if err := h.s.WriteErrors(context.Background(), admin, i.ID, &out); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(lines) != 10 || lines[1][0] != "B1" || lines[9][9] != "deal_stage: This cell is empty, and every row needs it. close_date: This is not a date in the form YYYY-MM-DD." {
		t.Errorf("%v\n%s", err, out.String())
	}
	if i, err = h.s.Confirm(context.Background(), admin, i.ID); err != nil || counts(i) != "imported: 1 new, 0 changed, 0 same, 9 wrong" {
		t.Error(counts(i), err)
	}
}

// Every dialect of one export means the same.
func TestDialectsMeanTheSame(t *testing.T) {
	t.Parallel()
	plain := "Deal ID;Deal owner;Deal Stage;Close Date;Amount\n" +
		"1;René Éclair;Closed Won;13/10/2026;48.000,50\n2;René Éclair;Closed Lost;03/10/2026;7.250,00\n3;René Éclair;Contract sent;;\n"
	latin, _ := charmap.ISO8859_1.NewEncoder().String(plain)
	little, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	big, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(plain)
	for name, file := range map[string]string{
		"plain": plain, "byte-order mark": "\ufeff" + plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n"), "Latin-1": latin, "UTF-16 LE": little, "UTF-16 BE": big,
		"tabs": strings.ReplaceAll(plain, ";", "\t"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, pgtest.Tx(t))
			admin := h.person("Olga Sund", people.Admin)
			h.person("René Éclair")
			i := h.bring(admin, performance.OpportunitiesKind, file)
			if got := counts(i); got != "imported: 3 new, 0 changed, 0 same, 0 wrong" || i.DateFormat != "DD/MM/YYYY" || i.NumberFormat != performance.CommaDecimal {
				t.Error(got, i.DateFormat, i.NumberFormat, h.errorsOf(admin, i.ID))
			}
			if n := h.count(`select count(*) from opportunities where outcome = 'won' and amount = 48000.50 and closed = '2026-10-13' or outcome = 'lost' and closed = '2026-10-03'`); n != 2 {
				t.Error("the values differ")
			}
		})
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	h.person("Moe Fraser")

	t.Run("dates that may be read in two ways are asked for", func(t *testing.T) {
		file := "id,owner,stage,close date\n1,Moe Fraser,won,03/04/2026\n2,Moe Fraser,won,05/06/2026\n"
		i := h.upload(admin, performance.OpportunitiesKind, file)
		if i.DateFormat != "" || len(i.PossibleDates()) != 2 {
			t.Errorf("guessed %q of %v", i.DateFormat, i.PossibleDates())
		}
		if _, err := h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: i.Mapping}); fault.FieldsOf(err)["date_format"] == "" {
			t.Errorf("err = %v, want one about date_format", err)
		}
		i, err := h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: i.Mapping, DateFormat: "MM/DD/YYYY"})
		if err != nil || i.Errors != 0 {
			t.Fatal(counts(i), err)
		}
		if _, err := h.s.Confirm(ctx, admin, i.ID); err != nil {
			t.Fatal(err)
		}
		if n := h.count(`select count(*) from opportunities where closed in ('2026-03-04', '2026-05-06')`); n != 2 {
			t.Error("the month was read as the day")
		}
		if again := h.upload(admin, performance.OpportunitiesKind, file); again.DateFormat != "MM/DD/YYYY" {
			t.Errorf("remembered %q", again.DateFormat)
		}
	})
	t.Run("one wrong date does not hide the form of the others", func(t *testing.T) {
		i := h.preview(admin, performance.OpportunitiesKind, "id,owner,stage,close date\n11,Moe Fraser,won,30.04.2026\n12,Moe Fraser,won,31.04.2026\n13,Moe Fraser,won,soon\n14,Moe Fraser,won,01.05.2026\n15,Moe Fraser,won,02.05.2026\n")
		if diff := cmp.Diff([]string{"3 close date: April 2026 has 30 days.", "4 close date: This is not a date in the form DD.MM.YYYY."}, h.errorsOf(admin, i.ID)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("columns are named by whoever imports", func(t *testing.T) {
		i := h.upload(admin, performance.OpportunitiesKind, "a,b,c,d\n21,Moe Fraser,Signed,EU\n22,Moe Fraser,Signed,EU\n")
		_, err := h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: map[string]string{"external_id": "a", "owner": "z", "colour": "d"}})
		for _, name := range []string{"owner", "stage", "colour"} {
			if fault.FieldsOf(err)[name] == "" {
				t.Errorf("nothing about %s in %v", name, err)
			}
		}
		i, err = h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: map[string]string{"external_id": "a", "owner": "b", "stage": "c", "segment": "d"},
			Values: map[string]map[string]string{"stage": {"signed": "won"}}})
		if err != nil {
			t.Fatal(err)
		}
		if i, err = h.s.Confirm(ctx, admin, i.ID); err != nil || h.count(`select count(*) from opportunities where stage = 'Signed' and outcome = 'won' and segment = 'EU'`) != 2 {
			t.Error(counts(i), err)
		}
	})
	t.Run("a header and no rows", func(t *testing.T) {
		i := h.preview(admin, performance.OpportunitiesKind, dealHeader)
		if got := counts(i); got != "previewed: 0 new, 0 changed, 0 same, 0 wrong" || i.RowsRead != 0 {
			t.Error(got)
		}
	})
	t.Run("the footer of a report", func(t *testing.T) {
		i := h.preview(admin, performance.OpportunitiesKind, "\"Opportunity ID\",\"Opportunity Owner\",\"Stage\",\"Amount\"\n\"006\",\"Moe Fraser\",\"Closed Won\",\"1,200\"\n\n\n\"Grand Totals (1 records)\"\n\"Confidential Information - Do Not Distribute\"\n")
		if got := counts(i); got != "previewed: 1 new, 0 changed, 0 same, 0 wrong" || i.Skipped != 2 {
			t.Error(got, i.Skipped)
		}
	})
	t.Run("no table at all", func(t *testing.T) {
		for _, file := range []string{"", "%PDF-1.7\x00\x01\x02\x03"} {
			_, err := h.s.Upload(ctx, admin, performance.Upload{Kind: performance.OpportunitiesKind, Filename: "x.pdf", File: strings.NewReader(file)})
			if fault.FieldsOf(err)["file"] == "" {
				t.Errorf("err = %v, want one about the file", err)
			}
		}
	})
	t.Run("a row that never ends", func(t *testing.T) {
		i := h.preview(admin, performance.OpportunitiesKind, dealHeader+strings.Repeat("31,Moe Fraser,,,won,,,\n", 6000)+"\"32,"+strings.Repeat("x", 2<<20))
		if i.State != performance.Failed || !strings.Contains(i.Failure, "a quote is opened") {
			t.Error(counts(i), i.Failure)
		}
		if _, err := h.s.Confirm(ctx, admin, i.ID); fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
	})
}

func TestManagersImportForTheirOwn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin, boss, other := h.person("Olga Sund", people.Admin), h.person("Bo Smith", people.Manager), h.person("Cy Stone", people.Manager)
	mine, theirs, rep := h.person("Moe Fraser"), h.person("Lea Wolf"), h.person("Rik Dorn")
	h.exec(`insert into managements (manager_id, person_id) values ($1, $2), ($3, $4)`, boss.ID, mine.ID, other.ID, theirs.ID)
	h.bring(admin, performance.OpportunitiesKind, "id,owner,stage\nC1,Lea Wolf,open\n")
	i := h.preview(boss, performance.OpportunitiesKind, "id,owner,stage\nC1,Moe Fraser,won\nC2,Moe Fraser,won\nC3,Lea Wolf,won\nC4,Rik Dorn,won\n")
	if got := counts(i); got != "previewed: 1 new, 0 changed, 0 same, 3 wrong" {
		t.Error(got)
	}
	want := []string{"2 id: This deal belongs to somebody outside your teams. An admin can change it.",
		"4 owner: Nobody in your teams has this name or e-mail. An admin can import the deals of others.",
		"5 owner: Nobody in your teams has this name or e-mail. An admin can import the deals of others."}
	if diff := cmp.Diff(want, h.errorsOf(boss, i.ID)); diff != "" {
		t.Error(diff)
	}
	// Whoever leaves the team between preview and confirmation is out of reach.
	h.exec(`update managements set valid_to = current_date where manager_id = $1`, boss.ID)
	if i, err := h.s.Confirm(ctx, boss, i.ID); err != nil || counts(i) != "imported: 0 new, 0 changed, 0 same, 4 wrong" {
		t.Error(counts(i), err)
	}
	if _, err := h.s.Import(ctx, other, i.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another manager sees it: %v", err)
	}
	if _, err := h.s.Import(ctx, admin, i.ID); err != nil {
		t.Error(err)
	}
	if _, err := h.s.Upload(ctx, boss, performance.Upload{Kind: performance.PeopleKind, File: strings.NewReader("name\nX\n")}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a manager imports people: %v", err)
	}
	if _, err := h.s.Upload(ctx, rep, performance.Upload{Kind: performance.OpportunitiesKind, File: strings.NewReader("id\n1\n")}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a rep imports: %v", err)
	}
}

func TestPeopleComeIn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin, chief := h.person("Olga Sund", people.Admin), h.person("Ida Frost", people.Manager)
	h.exec(`insert into teams (name) values ('Central')`)
	h.person("Old Hand")
	file := "sales_agent,manager,regional_office\n" +
		"Anna Snell,Dustin Brink,Central\nCecil Lamp,Dustin Brink,Central\nOld Hand,Mel Marsh,East\nMel Marsh,Dustin Brink,East\nAnna Snell,Mel Marsh,West\n,Mel Marsh,West\nSelf Made,Self Made,Polar\n"
	i := h.upload(admin, performance.PeopleKind, file)
	if diff := cmp.Diff(map[string]string{"name": "sales_agent", "manager": "manager", "team": "regional_office", "region": "regional_office"}, i.Mapping); diff != "" {
		t.Error(diff)
	}
	i, err := h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: i.Mapping, ReportsTo: chief.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := counts(i); got != "previewed: 3 new, 1 changed, 0 same, 3 wrong" || i.Also != (performance.Also{Managers: 1, Teams: 1}) {
		t.Error(got, i.Also)
	}
	want := []string{"6 sales_agent: An earlier row is about the same person. Keep one of the two, or give both an e-mail.",
		"7 sales_agent: This cell is empty, and every row needs it.", "8 manager: Nobody manages themselves. Choose somebody else."}
	if diff := cmp.Diff(want, h.errorsOf(admin, i.ID)); diff != "" {
		t.Error(diff)
	}
	if n := h.count(`select count(*) from persons where name in ('Anna Snell', 'Dustin Brink')`); n != 0 {
		t.Error("a preview added people")
	}
	if i, err = h.s.Confirm(ctx, admin, i.ID); err != nil || counts(i) != "imported: 3 new, 1 changed, 0 same, 3 wrong" {
		t.Fatal(counts(i), err)
	}
	type row struct {
		Name, Role, Team, Boss, Can string
	}
	rows, err := pg.All[row](ctx, h.db, `select p.name, p.role_family as role, coalesce(t.name, '') as team, coalesce(b.name, '') as boss, array_to_string(p.capabilities, '+') as can
		from persons p left join memberships m on m.person_id = p.id and m.valid_to is null left join teams t on t.id = m.team_id
		left join managements g on g.person_id = p.id and g.valid_to is null left join persons b on b.id = g.manager_id
		where p.name not in ('Olga Sund', 'Ida Frost') order by p.name`)
	if err != nil {
		t.Fatal(err)
	}
	all := []row{
		{"Anna Snell", "AE", "Central", "Dustin Brink", "rep"}, {"Cecil Lamp", "AE", "Central", "Dustin Brink", "rep"},
		{"Dustin Brink", "sales manager", "", "Ida Frost", "manager"}, {"Mel Marsh", "sales manager", "East", "Dustin Brink", "rep+manager"}, {"Old Hand", "AE", "East", "Mel Marsh", "rep"},
	}
	if diff := cmp.Diff(all, rows); diff != "" {
		t.Error(diff)
	}
	if n := h.count(`select count(*) from teams where lower(name) = 'central'`); n != 1 {
		t.Errorf("%d teams called Central", n)
	}
	if again := h.bring(admin, performance.PeopleKind, file); counts(again) != "imported: 0 new, 0 changed, 4 same, 3 wrong" {
		t.Error(counts(again))
	}
	h.exec(`insert into opportunities (external_id, owner_id, stage, currency) select 'P1', id, 'open', 'EUR' from persons where name = 'Cecil Lamp'`)
	if i, err = h.s.Undo(ctx, admin, i.ID); err != nil || i.State != performance.Undone {
		t.Fatal(err)
	}
	names, err := pg.Column[string](ctx, h.db, `select name from persons order by name`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Cecil Lamp", "Ida Frost", "Old Hand", "Olga Sund"}, names); diff != "" {
		t.Error(diff)
	}
	left, _, err := h.s.LeftAlone(ctx, admin, i.ID, 10, "")
	if err != nil || len(left) != 1 || !strings.Contains(left[0].Why, "Cecil Lamp") {
		t.Errorf("%v, %v", left, err)
	}
}

// The made-up export has the shape of a real one: its faults are meant.
func TestExportOfTheUsualShape(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := counts(h.bring(admin, performance.PeopleKind, read("agents.csv"))); got != "imported: 6 new, 0 changed, 0 same, 0 wrong" {
		t.Error(got)
	}
	if got := counts(h.bring(admin, performance.OpportunitiesKind, read("deals.csv"))); got != "imported: 12 new, 0 changed, 0 same, 0 wrong" {
		t.Error(got)
	}
}
