package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// kills is how often the server is killed while a quiz is being taken.
const kills = 20

// An examinee answers the questions of a quiz one after the other, again and
// again, and remembers what the server said it had saved.
type examinee struct {
	url, token string
	client     *http.Client
	mu         sync.Mutex
	saved      map[string]string   // by question: the last answer that was acknowledged
	since      map[string][]string // sent after that, and never answered
	acks       int
}

func (e *examinee) call(method, path, body string) (int, []byte, error) {
	req, err := http.NewRequest(method, e.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+e.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := e.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, b, err
}

// give sends an answer and notes whether it was acknowledged.
func (e *examinee) give(attempt int64, question, answer string) {
	e.mu.Lock()
	e.since[question] = append(e.since[question], answer)
	e.mu.Unlock()
	code, _, err := e.call(http.MethodPut, fmt.Sprintf("/quiz-attempts/%d/answers/%s", attempt, question), `{"answer":`+answer+`}`)
	if err == nil && code == http.StatusOK {
		e.mu.Lock()
		e.saved[question], e.since[question] = answer, nil
		e.acks++
		e.mu.Unlock()
	}
}

// TestAQuizSurvivesTheServer kills the server twenty times while somebody takes
// a quiz. Every answer that was acknowledged is there afterwards, and the
// attempt goes on and is handed in.
func TestAQuizSurvivesTheServer(t *testing.T) {
	server := newKillable(t)
	out, err := program(t, server.dir, server.env, "token", "--email", "rep@pitchside.example", "--scopes", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	e := &examinee{url: server.url, token: strings.TrimSpace(string(out)), client: &http.Client{Timeout: 2 * time.Second}, saved: map[string]string{}, since: map[string][]string{}}
	var me struct{ ID int64 }
	if _, b, err := e.call(http.MethodGet, "/me", ""); err != nil || json.Unmarshal(b, &me) != nil {
		t.Fatal(string(b), err)
	}
	if code, b, err := e.call(http.MethodPost, "/enrolments", fmt.Sprintf(`{"person_id":%d,"course":"consultative-selling"}`, me.ID)); err != nil || code >= 300 && code != http.StatusConflict {
		t.Fatal(code, string(b), err)
	}
	code, b, err := e.call(http.MethodPost, "/quizzes/consultative-selling/attempts", `{}`)
	if err != nil || code != http.StatusCreated {
		t.Fatal(code, string(b), err)
	}
	var paper struct {
		ID        int64
		Questions []struct {
			ID, Kind             string
			Options, Left, Right []struct{ ID string }
		}
		Answered []struct {
			QuestionID string `json:"question_id"`
			Answer     json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &paper); err != nil {
		t.Fatal(err)
	}
	// answer makes the nth answer to a question: another one each time.
	answer := func(i, n int) string {
		q := paper.Questions[i]
		switch q.Kind {
		case "single":
			return fmt.Sprintf("%q", q.Options[n%len(q.Options)].ID)
		case "multiple":
			return fmt.Sprintf("[%q]", q.Options[n%len(q.Options)].ID)
		case "numeric":
			return fmt.Sprint(n)
		case "matching":
			return fmt.Sprintf("{%q:%q}", q.Left[0].ID, q.Right[n%len(q.Right)].ID)
		case "ordering":
			ids := []string{}
			for k := range q.Options {
				ids = append(ids, fmt.Sprintf("%q", q.Options[(k+n)%len(q.Options)].ID))
			}
			return "[" + strings.Join(ids, ",") + "]"
		}
		return fmt.Sprintf("%q", fmt.Sprintf("answer %d", n))
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			for i, q := range paper.Questions {
				select {
				case <-stop:
					return
				default:
					e.give(paper.ID, q.ID, answer(i, n))
				}
			}
		}
	}()
	for n := range kills {
		time.Sleep(time.Duration(50+37*n%200) * time.Millisecond)
		server.kill()
		server.start()
	}
	close(stop)
	<-done
	if e.acks < kills {
		t.Fatalf("%d answers were acknowledged in all: too few to show anything", e.acks)
	}
	code, b, err = e.call(http.MethodGet, fmt.Sprintf("/quiz-attempts/%d", paper.ID), "")
	if err != nil || code != http.StatusOK {
		t.Fatal(code, string(b), err)
	}
	if err := json.Unmarshal(b, &paper); err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, a := range paper.Answered {
		var flat bytes.Buffer
		if err := json.Compact(&flat, a.Answer); err != nil {
			t.Fatal(err)
		}
		have[a.QuestionID] = flat.String()
	}
	for question, want := range e.saved {
		// One that was sent after it and never answered may have arrived as well.
		if got := have[question]; got != want && !slices.Contains(e.since[question], got) {
			t.Errorf("%s holds %s; %s was acknowledged, and after it went %v", question, got, want, e.since[question])
		}
	}
	if code, b, err = e.call(http.MethodPost, fmt.Sprintf("/quiz-attempts/%d/submit", paper.ID), "{}"); err != nil || code != http.StatusOK {
		t.Errorf("handing in answers %d: %s, %v", code, b, err)
	}
}
