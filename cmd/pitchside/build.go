package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"pitchside/api"
	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/demo"
	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/pg"
	"pitchside/jobs"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"
	"pitchside/web"
)

// A house is every room, wired to the others.
type house struct {
	pages, api  http.Handler
	pool        *pgxpool.Pool
	queue       *river.Client[pgx.Tx]
	people      *people.Service
	content     *content.Service
	performance *performance.Service
	media       blob.Store
}

// build wires the rooms. This is the one place where they meet.
func build(cfg config.Config, pool *pgxpool.Pool, media blob.Store, log *slog.Logger) (*house, error) {
	h := &house{pool: pool, media: media}
	h.people = &people.Service{DB: pool, Now: time.Now}
	h.content = &content.Service{DB: pool, Now: time.Now}
	if cfg.Library != "" {
		h.content.Folder = &content.Folder{Name: cfg.Library, Files: os.DirFS(cfg.Library)}
	}
	levels := &skills.Service{DB: pool, Content: h.content, Now: time.Now}
	learning := &courses.Service{DB: pool, Content: h.content, Now: time.Now}
	tests := &assessments.Service{DB: pool, Content: h.content, Blobs: media, Now: time.Now}
	sessions := &coaching.Service{DB: pool, Skills: levels, Now: time.Now}
	h.performance = &performance.Service{DB: pool, People: h.people, Blobs: media, Now: time.Now}

	// What the very next page must already show.
	tests.OnSubmitted = func(ctx context.Context, tx pgx.Tx, personID int64, scenario string) error {
		if slug, is := assessments.WorksheetSlug(scenario); is {
			return learning.AssignmentDone(ctx, tx, personID, courses.ToWorksheet, slug)
		}
		return learning.AssignmentDone(ctx, tx, personID, courses.ToScenario, scenario)
	}
	tests.OnQuizPassed = learning.QuizPassed
	tests.QuizAnew = learning.QuizAnew
	learning.Elsewhere = elsewhere(tests, sessions)
	learning.Appointments = appointments(sessions)
	h.people.OnSignedIn = func(ctx context.Context, personID int64) {
		if _, err := learning.ApplyRules(ctx, personID); err != nil {
			log.ErrorContext(ctx, "applying the rules of enrolment", "person", personID, "err", err) // the hour does it again
		}
	}
	sessions.Overdue = overdue(learning)
	sessions.Results = results(h.performance)

	var err error
	h.queue, err = river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:  log,
		Workers: jobs.Workers(jobs.Rooms{Assessments: tests, Performance: h.performance, Courses: learning, Content: h.content}),
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},

		PeriodicJobs: append(jobs.Nightly(), jobs.Hourly()...),
	})
	if err != nil {
		return nil, err
	}
	tests.Jobs, h.performance.Jobs, h.content.Jobs = h.queue, h.queue, h.queue

	address := strings.TrimSuffix(cfg.URL.String(), "/")
	site := &web.Site{DB: pool, People: h.people, Content: h.content, Skills: levels, Courses: learning, Assessments: tests, Coaching: sessions,
		Performance: h.performance, Blobs: media, Log: log, Now: time.Now, URL: address, Secure: cfg.URL.Scheme == "https"}
	if h.pages, err = site.Handler(); err != nil {
		return nil, err
	}
	calls := &api.API{DB: pool, People: h.people, Content: h.content, Skills: levels, Courses: learning, Assessments: tests, Coaching: sessions,
		Performance: h.performance, Blobs: media, Log: log, Now: time.Now, URL: address}
	h.api, err = calls.Handler()
	return h, err
}

// appointments brings a person's coaching sessions to their calendar.
func appointments(sessions *coaching.Service) func(context.Context, int64, time.Time) ([]courses.Appointment, error) {
	return func(ctx context.Context, personID int64, since time.Time) ([]courses.Appointment, error) {
		planned, err := sessions.Appointments(ctx, personID, since)
		var out []courses.Appointment
		for _, p := range planned {
			out = append(out, courses.Appointment{UID: fmt.Sprintf("coaching-%d@pitchside", p.ID), Title: p.Title, At: p.At, Minutes: coaching.UsualMinutes,
				Path: fmt.Sprintf("/coaching/%d", p.ID), Changed: p.CreatedAt})
		}
		return out, err
	}
}

// elsewhere brings what people did in practice and in coaching to the programs
// that ask for it.
func elsewhere(tests *assessments.Service, sessions *coaching.Service) func(context.Context, []int64) ([]courses.Deed, error) {
	return func(ctx context.Context, persons []int64) ([]courses.Deed, error) {
		attempts, err := tests.Deeds(ctx, persons)
		if err != nil {
			return nil, err
		}
		var out []courses.Deed
		for _, d := range attempts {
			deed := courses.Deed{PersonID: d.PersonID, Kind: content.ItemScenario, Ref: d.Scenario, At: d.At, ByID: d.ByID, By: d.By, Passed: d.ByID != 0}
			if slug, is := assessments.WorksheetSlug(d.Scenario); is {
				deed.Kind, deed.Ref = content.ItemWorksheet, slug
			}
			out = append(out, deed)
		}
		held, err := sessions.Held(ctx, persons)
		for _, d := range held {
			out = append(out, courses.Deed{PersonID: d.PersonID, Kind: content.ItemTemplate, Ref: d.Template, At: d.At})
		}
		return out, err
	}
}

// overdue brings a person's overdue learning to the prep sheet.
func overdue(learning *courses.Service) func(context.Context, people.Actor, int64) ([]coaching.Fact, error) {
	return func(ctx context.Context, by people.Actor, personID int64) ([]coaching.Fact, error) {
		late, err := learning.Overdue(ctx, by, personID)
		var out []coaching.Fact
		for _, a := range late {
			out = append(out, coaching.Fact{Text: a.Title + " is overdue.", Source: "due " + a.Due.Format("2 January") + ", assigned by " + a.AssignedByName})
		}
		return out, err
	}
}

// results brings a person's results to the prep sheet, with period and source.
func results(deals *performance.Service) func(context.Context, people.Actor, int64) ([]coaching.Fact, error) {
	return func(ctx context.Context, by people.Actor, personID int64) ([]coaching.Fact, error) {
		lines, err := deals.Facts(ctx, by, personID)
		var out []coaching.Fact
		for _, l := range lines {
			out = append(out, coaching.Fact{Text: l.Text, Source: l.Source})
		}
		return out, err
	}
}

// prepare brings in what must be there before anybody is let in: the built-in
// library, the company's own, and the demo company if it is asked for and the
// database is empty.
func (h *house) prepare(ctx context.Context, withDemo bool, out io.Writer) error {
	if err := h.content.EnsureBuiltIn(ctx); err != nil {
		return fmt.Errorf("bringing in the built-in library: %w", err)
	}
	if h.content.Folder != nil {
		got, err := h.content.Sync(ctx, people.Operator)
		if err != nil {
			return fmt.Errorf("bringing in %s: %w", h.content.Folder.Name, err)
		}
		for _, p := range got.Problems {
			fmt.Fprintln(out, p)
		}
	}
	if err := h.content.Index(ctx); err != nil {
		return err
	}
	if !withDemo {
		return nil
	}
	err := pg.InTx(ctx, h.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('demo company'))`); err != nil {
			return err
		}
		empty, err := demo.Empty(ctx, tx)
		if err != nil || !empty {
			return err
		}
		fmt.Fprintln(out, "Filling the demo company; this takes some seconds.")
		return demo.New(tx, h.media, time.Now().UTC()).Fill(ctx)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Sign in with the password %s as one of:\n  %s\n", demo.Password, strings.Join(demo.SignIns, "\n  "))
	return nil
}

// work starts the background work. stop ends it and waits for what is under way.
func (h *house) work(ctx context.Context) (stop func(), err error) {
	if err := h.performance.Resume(ctx); err != nil {
		return nil, err
	}
	if err := h.content.ResumeImports(ctx); err != nil {
		return nil, err
	}
	if err := h.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return func() {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
		defer cancel()
		_ = h.queue.Stop(limit) // what does not end in time is tried again by the next start
	}, nil
}
