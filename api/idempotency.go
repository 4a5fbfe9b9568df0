package api

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// idempotent answers a repeated POST that carries the same Idempotency-Key with
// what was answered the first time, for 24 hours per person, method and path.
func (a *API) idempotent(c *gin.Context) {
	key := c.GetHeader("Idempotency-Key")
	by, ok := c.Request.Context().Value(actorKey{}).(people.Actor)
	if key == "" || !ok || c.Request.Method == http.MethodGet {
		return
	}
	if len(key) > 200 {
		problem(c, fault.Invalidf("An Idempotency-Key has at most 200 characters."))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit))
	if err != nil {
		problem(c, &fault.Error{Kind: fault.TooLarge, Message: "With an Idempotency-Key a body holds at most 10 MB."})
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	hash := sha256.Sum256(body)
	was, err := a.People.Remembered(c.Request.Context(), by, key, c.Request.Method, c.Request.URL.Path, hash[:])
	if err != nil {
		problem(c, err)
		return
	}
	if was != nil {
		c.Header("Idempotency-Replayed", "true")
		c.Data(was.Status, was.ContentType, was.Response)
		c.Abort()
		return
	}
	w := &recorder{ResponseWriter: c.Writer}
	c.Writer = w
	c.Next()
	if err := a.People.Remember(c.Request.Context(), by, key, c.Request.Method, c.Request.URL.Path, people.Answer{
		Status: w.Status(), Response: w.body.Bytes(), ContentType: w.Header().Get("Content-Type")}); err != nil {
		a.Log.ErrorContext(c.Request.Context(), "remembering an answer", "err", err)
	}
}

// A recorder keeps what is answered while it is sent.
type recorder struct {
	gin.ResponseWriter
	body bytes.Buffer
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}
