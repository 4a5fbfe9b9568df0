package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

//go:embed templates
var templateFS embed.FS

//go:embed static
var staticFS embed.FS

// parsePages parses each page of templates/ beside the layout and the shared
// partials, by its path: "team/heatmap". A page that does not parse stops the
// program.
func parsePages(fsys fs.FS) (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	layout := template.New("").Funcs(functions)
	shared, err := fs.Glob(fsys, "templates/partials/*.html")
	if err != nil {
		return nil, err
	}
	for _, p := range append([]string{"templates/layout.html"}, shared...) {
		if err := parseFile(layout, fsys, p); err != nil {
			return nil, err
		}
	}
	err = fs.WalkDir(fsys, "templates", func(p string, d fs.DirEntry, err error) error {
		name := strings.TrimSuffix(strings.TrimPrefix(p, "templates/"), ".html")
		if err != nil || d.IsDir() || name == "layout" || strings.HasPrefix(name, "partials/") || !strings.HasSuffix(p, ".html") {
			return err
		}
		t, err := layout.Clone()
		if err != nil {
			return err
		}
		if err := parseFile(t, fsys, p); err != nil {
			return err
		}
		pages[name] = t
		return nil
	})
	return pages, err
}

// fixed are the calls whose outcome is known before any request.
var fixed = regexp.MustCompile(`\{\{(icon|asset) "([^"]+)"\}\}`)

// parseFile parses one file of templates. Icons and addresses of static files
// are written into it first: calling for them on every view costs more than
// the rest of a page's frame.
func parseFile(t *template.Template, fsys fs.FS, name string) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	text := fixed.ReplaceAllStringFunc(string(b), func(call string) string {
		m := fixed.FindStringSubmatch(call)
		if m[1] == "icon" {
			return string(icon(m[2]))
		}
		return asset(m[2])
	})
	if _, err := t.New(path.Base(name)).Parse(text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// functions are the few that templates may call; logic lives in methods.
var functions = template.FuncMap{
	"asset":    asset,
	"icon":     icon,
	"initials": initials,
	"plural":   plural,
	"percent":  func(f float64) string { return fmt.Sprintf("%.0f %%", 100*f) },
	"one":      func(f float64) string { return fmt.Sprintf("%.1f", f) },
	"add":      func(a, b int) int { return a + b },
}

// plural writes "1 lesson" or "3 lessons".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// cssOrder is the order of the style sheet: the layers first, then what builds on them.
var cssOrder = []string{"reset", "tokens", "base", "focus-motion-print", "page", "layout"}

// assets holds every static file under one name that changes when any of them does.
var assets = sync.OnceValue(func() (out struct {
	build string
	files map[string][]byte
}) {
	out.files = map[string][]byte{}
	var css bytes.Buffer
	seen := map[string]bool{}
	for _, name := range cssOrder {
		b, _ := staticFS.ReadFile("static/css/" + name + ".css")
		css.Write(b)
		seen[name+".css"] = true
	}
	var last []byte
	_ = fs.WalkDir(staticFS, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := staticFS.ReadFile(p)
		name := strings.TrimPrefix(p, "static/")
		switch {
		case path.Base(p) == "utilities.css":
			last = b
		case strings.HasPrefix(name, "css/") && !seen[path.Base(p)]:
			css.Write(b)
		case !strings.HasPrefix(name, "css/"):
			out.files[name] = b
		}
		return err
	})
	css.Write(last)
	out.files["app.css"] = css.Bytes()
	h := sha256.New()
	_ = fs.WalkDir(staticFS, "static", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, _ := staticFS.ReadFile(p)
			h.Write([]byte(p))
			h.Write(b)
		}
		return err
	})
	out.build = hex.EncodeToString(h.Sum(nil)[:6])
	return out
})

// asset returns the address of a static file, which never changes its content.
func asset(name string) string { return "/static/" + assets().build + "/" + name }

var mimes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png"}

func serveStatic(c *gin.Context) {
	name := strings.TrimPrefix(c.Param("file"), "/")
	b, ok := assets().files[name]
	if !ok {
		c.Status(http.StatusNotFound)
		return
	}
	if c.Param("build") == assets().build {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Data(http.StatusOK, mimes[path.Ext(name)], b)
}
