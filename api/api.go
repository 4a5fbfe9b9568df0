// Package api is JSON for programs: the same rooms behind /api/v1, with the
// OpenAPI 3.1 document made from the operations themselves. It knows no SQL.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// An API serves /api/v1. Its exported fields are what it needs.
type API struct {
	DB          pg.DB
	People      *people.Service
	Content     *content.Service
	Skills      *skills.Service
	Courses     *courses.Service
	Assessments *assessments.Service
	Coaching    *coaching.Service
	Performance *performance.Service
	Blobs       blob.Store
	Log         *slog.Logger
	Now         func() time.Time
	URL         string

	Operations []Operation // every operation, filled by Handler
	huma       huma.API
}

// An Operation is one call of the API, and who may make it.
type Operation struct {
	Method, Path string
	Scope        string
	For          []people.Capability // nil: everyone with the scope
}

const (
	bodyLimit  = 10 << 20
	drainLimit = 64 << 20 // of a body that is too large, what is read and dropped
)

// Handler returns the whole API under /api/v1.
func (a *API) Handler() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.UseRawPath = true // a deal, or a role family, may have a slash in its name
	engine.NoRoute(func(c *gin.Context) {
		problem(c, fault.NotFoundf("There is no such address in this API. /api/v1/openapi.json lists them."))
	})
	engine.NoMethod(func(c *gin.Context) {
		writeProblem(c, http.StatusMethodNotAllowed, "This address does not take that method. /api/v1/openapi.json lists them.", nil)
	})
	group := engine.Group("/api/v1")
	group.Use(a.authenticated, a.idempotent)
	cfg := huma.DefaultConfig("Pitchside", "1")
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks, cfg.Transformers = "", "", nil, nil
	cfg.OpenAPIPath = "/openapi"
	cfg.Servers = []*huma.Server{{URL: a.URL + "/api/v1"}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	cfg.Security = []map[string][]string{{"token": {}}}
	a.huma = humagin.NewWithGroup(engine, group, cfg)
	a.registerPeople()
	a.registerLibrary()
	a.registerSearch()
	a.registerLearning()
	a.registerQuizzes()
	a.registerRolePlays()
	a.registerWorksheets()
	a.registerMedia()
	a.registerLiveCalls()
	a.registerScoring()
	a.registerResubmissions()
	a.registerReplay()
	a.registerCalibrations()
	a.registerSamples()
	a.registerDisputes()
	a.registerSkills()
	a.registerCoaching()
	a.registerPerformance()
	return a.logged(engine), nil
}

func (a *API) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sw := &statusWriter{ResponseWriter: w, sent: r.Body, status: http.StatusOK}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(sw, r)
		a.Log.InfoContext(r.Context(), "api", "method", r.Method, "path", loggedPath(r), "status", sw.status, "ms", time.Since(start).Milliseconds())
	})
}

// loggedPath is the address that was asked for, without the code of a
// certificate: whoever has that reads whose it is.
func loggedPath(r *http.Request) string {
	const looked = "/api/v1/certificates/"
	if strings.HasPrefix(r.URL.Path, looked) && r.Method != http.MethodPost {
		return looked + "{code}"
	}
	return r.URL.Path
}

type statusWriter struct {
	http.ResponseWriter
	sent   io.Reader // the whole body
	status int
}

// WriteHeader first reads the rest of a body that is too large: a program that
// is still sending would see a broken connection instead of the answer.
func (w *statusWriter) WriteHeader(code int) {
	if code == http.StatusRequestEntityTooLarge {
		_, _ = io.CopyN(io.Discard, w.sent, drainLimit)
	}
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type (
	actorKey   struct{}
	addressKey struct{} // of who calls without a token
)

// publicPath is the one call that needs no token.
const publicPath = "/api/v1/certificates/:code"

// authenticated finds the actor behind the bearer token. The OpenAPI document
// is open to all, and so is how a certificate stands.
func (a *API) authenticated(c *gin.Context) {
	if strings.HasPrefix(c.FullPath(), "/api/v1/openapi") {
		return
	}
	if c.Request.Method == http.MethodGet && c.FullPath() == publicPath {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), addressKey{}, c.RemoteIP()))
		return
	}
	token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok || token == "" {
		c.Header("WWW-Authenticate", "Bearer")
		problem(c, &fault.Error{Kind: fault.Unauthenticated, Message: "Send a token: Authorization: Bearer TOKEN. My data, or pitchside token, makes one."})
		return
	}
	by, err := a.People.ByToken(c.Request.Context(), token)
	if err != nil {
		problem(c, err)
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), actorKey{}, by))
}

// An op describes one call to be registered.
type op struct {
	Method  string
	Path    string // below /api/v1
	ID      string // operation id, such as "get-person"
	Summary string
	Scope   string // such as "people:read"; empty: any token
	For     []people.Capability
	Tag     string
	Public  bool // needs no token
	Status  int  // of success; 0: 200
	Limit   int64
}

// register adds an operation. The handler gets the actor; its fault becomes a
// problem document; a write through an admin token is in the audit log.
func register[I, O any](a *API, o op, handle func(ctx context.Context, by people.Actor, in *I) (*O, error)) {
	a.Operations = append(a.Operations, Operation{Method: o.Method, Path: "/api/v1" + o.Path, Scope: o.Scope, For: o.For})
	limit := o.Limit
	if limit == 0 {
		limit = bodyLimit
	}
	var security []map[string][]string // nil: as everywhere
	if o.Public {
		security = []map[string][]string{{}}
	}
	huma.Register(a.huma, huma.Operation{
		Security: security,
		Method:   o.Method, Path: o.Path, OperationID: o.ID, Summary: o.Summary, Tags: []string{o.Tag}, DefaultStatus: o.Status,
		MaxBodyBytes: limit, BodyReadTimeout: -1, Middlewares: huma.Middlewares{a.admit(o)},
		Errors: []int{400, 401, 403, 404, 409, 412, 413, 422, 429},
	}, func(ctx context.Context, in *I) (*O, error) {
		by, _ := ctx.Value(actorKey{}).(people.Actor)
		out, err := handle(ctx, by, in)
		if o.Method != http.MethodGet {
			a.People.ForgetSessions()
		}
		if pg.Unreadable(err) {
			err = fault.Invalidf("A text holds a character that cannot be kept, such as NUL. Take it out and send the request again.")
		}
		if err != nil {
			if fault.KindOf(err) == fault.Defect {
				a.Log.ErrorContext(ctx, "api defect", "operation", o.ID, "err", err)
			}
			return nil, asProblem(err)
		}
		if by.BringsData() && o.Method != http.MethodGet {
			if err := people.Audit(ctx, a.DB, by, "api "+o.ID, nil, o.Path, nil); err != nil {
				return nil, asProblem(err)
			}
		}
		return out, nil
	})
}

// admit refuses who may not make a call, before its body is read.
func (a *API) admit(o op) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		by, _ := c.Context().Value(actorKey{}).(people.Actor)
		var err error
		switch {
		case !scopeAllows(by.Scopes, o.Scope):
			err = huma.WriteErr(a.huma, c, http.StatusForbidden, "This token lacks the scope "+o.Scope+". Make one that has it under My data.")
		case len(o.For) > 0 && !by.Can(o.For...):
			err = huma.WriteErr(a.huma, c, http.StatusNotFound, "There is nothing at this address for you.")
		default:
			next(c)
		}
		if err != nil {
			a.Log.ErrorContext(c.Context(), "refusing a call", "operation", o.ID, "err", err)
		}
	}
}

// scopeAllows reports whether scopes hold the needed one; write includes read.
func scopeAllows(scopes []string, need string) bool {
	if need == "" || slices.Contains(scopes, "all") || slices.Contains(scopes, need) {
		return true
	}
	room, verb, _ := strings.Cut(need, ":")
	return verb == "read" && slices.Contains(scopes, room+":write")
}

// ProblemDetails is an RFC 9457 problem document.
type ProblemDetails struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []FieldProblem `json:"errors,omitempty"`
}

// A FieldProblem says what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (p *ProblemDetails) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *ProblemDetails) GetStatus() int { return p.Status }

// ContentType names the media type of a problem document.
func (p *ProblemDetails) ContentType(string) string { return "application/problem+json" }

var status = map[fault.Kind]int{
	fault.Defect: 500, fault.Invalid: 422, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
	fault.Conflict: 409, fault.Stale: 412, fault.TooLarge: 413, fault.TooMany: 429,
}

// asProblem makes a problem document of an error; a defect's text stays here.
func asProblem(err error) huma.StatusError {
	var f *fault.Error
	if !errors.As(err, &f) {
		return newProblem(http.StatusInternalServerError, "Something went wrong on our side. It has been logged.", nil)
	}
	var fields []FieldProblem
	for name, message := range f.Fields {
		fields = append(fields, FieldProblem{name, message})
	}
	slices.SortFunc(fields, func(x, y FieldProblem) int { return strings.Compare(x.Field, y.Field) })
	return newProblem(status[f.Kind], f.Message, fields)
}

func newProblem(code int, detail string, fields []FieldProblem) *ProblemDetails {
	return &ProblemDetails{Type: "about:blank", Title: http.StatusText(code), Status: code, Detail: detail, Errors: fields}
}

func problem(c *gin.Context, err error) {
	p := asProblem(err).(*ProblemDetails)
	writeProblem(c, p.Status, p.Detail, p.Errors)
}

func writeProblem(c *gin.Context, code int, detail string, fields []FieldProblem) {
	c.Header("Content-Type", "application/problem+json")
	c.AbortWithStatusJSON(code, newProblem(code, detail, fields))
}

func init() {
	// huma makes its own errors (unreadable bodies, schema violations) through
	// this variable; they leave in the same shape as ours.
	huma.NewError = func(code int, msg string, errs ...error) huma.StatusError {
		var fields []FieldProblem
		for _, err := range errs {
			if d, ok := err.(huma.ErrorDetailer); ok && d.ErrorDetail() != nil {
				e := d.ErrorDetail()
				name := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(e.Location, "body."), "query."), "path.")
				fields = append(fields, FieldProblem{name, e.Message})
			} else if err != nil {
				fields = append(fields, FieldProblem{"", err.Error()})
			}
		}
		return newProblem(code, msg, fields)
	}
}

// A Page is one page of a list; Next is the cursor of the following one.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// page returns items as a Page that is never null.
func page[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	p := Page[T]{Items: items}
	if next != "" {
		p.Next = &next
	}
	return p
}

// upTo cuts a list that was read one longer than its page, and returns the
// cursor of the page after it: the id of the last row that stays.
func upTo[T any](list []T, limit int, id func(T) int64) (kept []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], strconv.FormatInt(id(list[limit-1]), 10)
}

// Paging is the part of a list's query that asks for its page.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor"`
}

// Body is an answer with a JSON body.
type Body[T any] struct{ Body T }

// Tagged is an answer with a JSON body and the tag of its version.
type Tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// etag writes a version as a strong entity tag.
func etag(version int) string { return fmt.Sprintf(`"%d"`, version) }

// ifMatch reads the version of an If-Match header; 0 if there is none.
func ifMatch(header string) (int, error) {
	if header == "" || header == "*" {
		return 0, nil
	}
	var v int
	if _, err := fmt.Sscanf(header, `"%d"`, &v); err != nil || v <= 0 {
		return 0, &fault.Error{Kind: fault.Stale, Message: "If-Match does not name a version. Send the ETag that the resource was read with."}
	}
	return v, nil
}
