// Package web is the pages for people: it turns requests into calls on the
// rooms, and their answers into HTML that works without a script. It knows no
// SQL that writes, and no rule of learning, scoring or measuring.
package web

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
)

// A Site serves the pages. Its exported fields are what it needs.
type Site struct {
	DB          pg.DB // for reads across rooms, never for writes
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
	URL         string // public address, without a final slash
	Secure      bool   // cookies only over https

	pages map[string]*template.Template
	parts parts
}

// Handler returns the whole site.
func (s *Site) Handler() (http.Handler, error) {
	var err error
	if s.pages, err = parsePages(templateFS); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = true
	r.NoRoute(s.page(route{Public: true, handle: nowhere}))
	r.NoMethod(s.page(route{Public: true, handle: s.otherwise}))
	r.GET("/static/:build/*file", serveStatic)
	for _, rt := range s.Routes() {
		r.Handle(rt.Method, rt.Path, s.page(rt))
	}
	gz, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1))
	if err != nil {
		return nil, err
	}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "This request came from another site, so it was not carried out. Open Pitchside itself and try again.", http.StatusForbidden)
	}))
	return s.logged(headers(gz(cross.Handler(asked(r))))), nil
}

// asked answers HEAD as GET; the server itself leaves the body out.
func asked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// headers sets what every answer of the site carries.
func headers(next http.Handler) http.Handler {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
		"media-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=()")
		h.Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r)
	})
}

type logKey struct{}

// A logLine collects what the one line about a request says.
type logLine struct {
	route  string
	person int64
	id     string
	defect error
}

// logged writes one line per request. No query string and no body is logged:
// both may hold what people typed.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := &logLine{id: newReference()}
		start := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r.WithContext(context.WithValue(r.Context(), logKey{}, line)))
		attrs := []any{"method", r.Method, "route", line.route, "status", sw.status, "ms", time.Since(start).Milliseconds(), "bytes", sw.bytes, "request", line.id}
		if line.person != 0 {
			attrs = append(attrs, "person", line.person)
		}
		if line.defect != nil {
			s.Log.ErrorContext(r.Context(), "request", append(attrs, "err", line.defect)...)
			return
		}
		s.Log.InfoContext(r.Context(), "request", attrs...)
	})
}

// A statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *statusWriter) WriteHeader(code int) {
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
