package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/performance"

	"github.com/danielgtaylor/huma/v2"
)

const (
	fileLimit       = 1 << 30 // bytes of a file that is imported
	fieldLimit      = 1 << 20 // bytes of a form field beside it
	errorsInImport  = 100     // the others are a list of their own
	importMediaType = "multipart/form-data"
)

// An importJSON is an import and what its rows did or would do.
type importJSON struct {
	ID           int64                        `json:"id"`
	Kind         performance.Kind             `json:"kind"`
	Filename     string                       `json:"filename"`
	State        performance.State            `json:"state" enum:"mapping,previewing,previewed,importing,imported,undoing,undone,failed"`
	Mapping      map[string]string            `json:"mapping" doc:"field: column"`
	Values       map[string]map[string]string `json:"values" doc:"What values mean, such as stage: {Signed: won}."`
	DateFormat   string                       `json:"date_format" doc:"Empty where there are no dates."`
	NumberFormat string                       `json:"number_format"`
	Encoding     string                       `json:"encoding"`
	Delimiter    string                       `json:"delimiter"`
	Counts       countsJSON                   `json:"counts"`
	Also         alsoJSON                     `json:"also" doc:"What an import of people makes besides the people of its rows."`
	Errors       []rowErrorJSON               `json:"errors" doc:"The first hundred; /imports/{id}/errors has all."`
	Sample       []sampleJSON                 `json:"sample" doc:"The first good rows."`
	RowsRead     int64                        `json:"rows_read"`
	Skipped      int64                        `json:"skipped" doc:"Rows of empty cells and lines of a footer."`
	LeftAlone    int64                        `json:"left_alone" doc:"Changes that an undo did not put back, since they were edited later."`
	Failure      *string                      `json:"failure"`
	CreatedBy    int64                        `json:"created_by"`
	CreatedAt    time.Time                    `json:"created_at"`
	ImportedAt   *time.Time                   `json:"imported_at"`
	UndoneAt     *time.Time                   `json:"undone_at"`
}

type countsJSON struct {
	Create    int64 `json:"create"`
	Update    int64 `json:"update"`
	Unchanged int64 `json:"unchanged"`
	Error     int64 `json:"error" doc:"Rows that are left out."`
}

type alsoJSON struct {
	Managers int64 `json:"managers"`
	Teams    int64 `json:"teams"`
}

type rowErrorJSON struct {
	Row    int64  `json:"row" doc:"As a spreadsheet counts: the header is row 1."`
	Column string `json:"column" doc:"As the file calls it; empty if the whole row is meant."`
	Value  string `json:"value"`
	Cause  string `json:"cause"`
}

type sampleJSON struct {
	Row    int64             `json:"row"`
	Action string            `json:"action" enum:"create,update,unchanged"`
	Fields map[string]string `json:"fields"`
}

func (a *API) registerImports(o func(method, path, id, summary, scope string, who []people.Capability) op) {
	register(a, o(http.MethodGet, "/imports", "list-imports", "Imports, the newest first", "performance:read", importers), a.listImports)
	begin := o(http.MethodPost, "/imports", "create-import", "Send a file and see what it would do", "performance:write", importers)
	begin.Status = http.StatusCreated
	register(a, begin, a.createImport)
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	a.huma.OpenAPI().Paths["/imports"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{importMediaType: {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"kind", "file"}, Properties: map[string]*huma.Schema{
			"kind":          {Type: huma.TypeString, Enum: []any{"people", "opportunities", "activities", "quotas", "forecasts", "customers"}},
			"file":          {Type: huma.TypeString, Format: "binary", Description: "CSV in any usual dialect, or .xlsx."},
			"mapping":       text("JSON: field to column. Absent: guessed."),
			"values":        text("JSON: what values mean, such as {\"stage\": {\"Signed\": \"won\"}}."),
			"date_format":   text("Such as DD/MM/YYYY. Needed only where the dates may be read in two ways."),
			"number_format": text("1,234.56 or 1.234,56. Absent: as the file shows."),
			"reports_to":    text("Of people: the id of the manager whom the managers of the file report to."),
		}}}}}
	register(a, o(http.MethodGet, "/imports/{id}", "get-import", "An import and how far it is", "performance:read", importers), a.getImport)
	register(a, o(http.MethodGet, "/imports/{id}/errors", "list-import-errors", "Every row that is left out, and why", "performance:read", importers), a.importErrors)
	register(a, o(http.MethodPost, "/imports/{id}/confirm", "confirm-import", "Import the valid rows", "performance:write", importers), a.confirmImport)
	register(a, o(http.MethodPost, "/imports/{id}/undo", "undo-import", "Put back what an import changed", "performance:write", importers), a.undoImport)
}

// An importForm is a form with a file that is read as it arrives.
type importForm struct {
	contentType string
	body        io.Reader
}

// Resolve takes the body before anything reads it.
func (f *importForm) Resolve(ctx huma.Context) []error {
	f.contentType, f.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

// createImport streams the file into the store and reads the fields beside it,
// in whatever order they come.
func (a *API) createImport(ctx context.Context, by people.Actor, in *importForm) (*Body[importJSON], error) {
	kind, params, err := mime.ParseMediaType(in.contentType)
	if err != nil || kind != importMediaType || params["boundary"] == "" {
		return nil, fault.Invalidf("Send the file as multipart/form-data, with the fields kind and file.")
	}
	form := multipart.NewReader(&capped{r: in.body, left: fileLimit}, params["boundary"])
	fields := map[string]string{}
	var file *performance.StoredFile
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && part.FormName() == "file" && file == nil {
			file, err = a.Performance.Store(ctx, by, part.FileName(), part)
		} else if err == nil {
			fields[part.FormName()], err = readField(part)
		}
		if err != nil {
			return nil, errors.Join(formFault(err), a.letGo(ctx, file))
		}
	}
	if file == nil {
		return nil, fault.Field("file", "Send the file in a field called file.")
	}
	reading, err := readingOf(fields)
	if err != nil {
		return nil, errors.Join(err, a.letGo(ctx, file))
	}
	i, err := a.Performance.Begin(ctx, by, performance.Kind(fields["kind"]), file)
	if err != nil {
		return nil, err
	}
	for field, column := range i.Mapping {
		// What a program leaves open is taken as guessed: all, or what is needed.
		if _, said := reading.Mapping[field]; !said && (fields["mapping"] == "" || i.Needs(field)) {
			reading.Mapping[field] = column
		}
	}
	read, err := a.Performance.Read(ctx, by, i.ID, reading)
	if err != nil {
		return nil, errors.Join(err, a.Performance.Forget(ctx, by, i.ID))
	}
	return a.importBody(ctx, by, read)
}

func (a *API) letGo(ctx context.Context, file *performance.StoredFile) error {
	if file == nil {
		return nil
	}
	return a.Performance.Discard(ctx, file)
}

func readField(part io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(part, fieldLimit+1))
	if err == nil && len(b) > fieldLimit {
		err = &fault.Error{Kind: fault.TooLarge, Message: "A field beside the file holds at most 1 MB."}
	}
	return string(b), err
}

// formFault tells a form that breaks off from a fault of ours.
func formFault(err error) error {
	if fault.KindOf(err) == fault.Defect && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, multipart.ErrMessageTooLarge)) {
		return fault.Invalidf("The form breaks off before its end. Send it once more.")
	}
	return err
}

func readingOf(fields map[string]string) (performance.Reading, error) {
	r := performance.Reading{Mapping: map[string]string{}, DateFormat: fields["date_format"], NumberFormat: fields["number_format"]}
	wrong := map[string]string{}
	known := map[string]bool{"kind": true, "mapping": true, "values": true, "date_format": true, "number_format": true, "reports_to": true}
	for name := range fields {
		if !known[name] {
			wrong[name] = "There is no such field. There are kind, file, mapping, values, date_format, number_format and reports_to."
		}
	}
	const mappingHelp = `Give an object of field to column, such as {"owner": "Opportunity Owner"}.`
	if text := fields["mapping"]; text != "" {
		var given map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &given); err != nil {
			wrong["mapping"] = mappingHelp
		}
		for name, raw := range given {
			var column string
			switch {
			case name == "values" && fields["values"] == "":
				fields["values"] = string(raw)
			case json.Unmarshal(raw, &column) != nil:
				wrong["mapping"] = mappingHelp
			default:
				r.Mapping[name] = column
			}
		}
	}
	if text := fields["values"]; text != "" {
		if err := json.Unmarshal([]byte(text), &r.Values); err != nil {
			wrong["values"] = `Give an object such as {"stage": {"Signed": "won"}}.`
		}
	}
	if text := fields["reports_to"]; text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			wrong["reports_to"] = "Give the id of a person."
		}
		r.ReportsTo = id
	}
	return r, fault.Fields(wrong)
}

// capped is a reader that fails as too large rather than ends.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, &fault.Error{Kind: fault.TooLarge, Message: fmt.Sprintf("A file may hold %d GB. Divide it and import its parts.", fileLimit>>30)}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

type importByID struct {
	ID int64 `path:"id"`
}

func (a *API) getImport(ctx context.Context, by people.Actor, in *importByID) (*Body[importJSON], error) {
	i, err := a.Performance.Import(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return a.importBody(ctx, by, i)
}

func (a *API) confirmImport(ctx context.Context, by people.Actor, in *importByID) (*Body[importJSON], error) {
	i, err := a.Performance.Confirm(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return a.importBody(ctx, by, i)
}

func (a *API) undoImport(ctx context.Context, by people.Actor, in *importByID) (*Body[importJSON], error) {
	i, err := a.Performance.Undo(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return a.importBody(ctx, by, i)
}

func (a *API) listImports(ctx context.Context, by people.Actor, in *Paging) (*Body[Page[importJSON]], error) {
	found, next, err := a.Performance.Imports(ctx, by, in.Limit, in.Cursor)
	var items []importJSON
	for _, i := range found {
		items = append(items, asImport(i))
	}
	return &Body[Page[importJSON]]{page(items, next)}, err
}

func (a *API) importErrors(ctx context.Context, by people.Actor, in *struct {
	ID int64 `path:"id"`
	Paging
}) (*Body[Page[rowErrorJSON]], error) {
	errs, next, err := a.Performance.RowErrors(ctx, by, in.ID, in.Limit, in.Cursor)
	return &Body[Page[rowErrorJSON]]{page(asRowErrors(errs), next)}, err
}

// importBody is an import with the first of its errors.
func (a *API) importBody(ctx context.Context, by people.Actor, i performance.Import) (*Body[importJSON], error) {
	errs, _, err := a.Performance.RowErrors(ctx, by, i.ID, errorsInImport, "")
	if err != nil {
		return nil, err
	}
	out := asImport(i)
	out.Errors = page(asRowErrors(errs), "").Items
	return &Body[importJSON]{out}, nil
}

func asRowErrors(errs []performance.RowError) (out []rowErrorJSON) {
	for _, e := range errs {
		out = append(out, rowErrorJSON{e.Row, e.Column, e.Value, e.Cause})
	}
	return out
}

func asImport(i performance.Import) importJSON {
	out := importJSON{ID: i.ID, Kind: i.Kind, Filename: i.Filename, State: i.State, Mapping: i.Mapping, Values: i.Values, DateFormat: i.DateFormat, NumberFormat: i.NumberFormat,
		Encoding: i.Encoding, Delimiter: i.Delimiter, Counts: countsJSON{i.ToCreate, i.ToUpdate, i.Unchanged, i.Errors}, Also: alsoJSON{i.Also.Managers, i.Also.Teams},
		Errors: []rowErrorJSON{}, Sample: []sampleJSON{}, RowsRead: i.RowsRead, Skipped: i.Skipped, LeftAlone: i.LeftAlone,
		CreatedBy: i.CreatedBy, CreatedAt: i.CreatedAt, ImportedAt: i.ImportedAt, UndoneAt: i.UndoneAt}
	if i.Failure != "" {
		out.Failure = &i.Failure
	}
	for _, s := range i.Sample {
		out.Sample = append(out.Sample, sampleJSON{s.Row, s.Action, s.Fields})
	}
	return out
}
