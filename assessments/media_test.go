package assessments_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pitchside/assessments"
	"pitchside/internal/blob"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/internal/webm"
	"pitchside/people"
)

// withMedia gives a stage a place for recordings, in a folder.
func withMedia(t *testing.T, s stage) stage {
	t.Helper()
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.Blobs = folder
	return s
}

func (s stage) recording() int64 {
	s.t.Helper()
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormRecording)
	s.must(err)
	return a.ID
}

// take records a whole take of Dana's in one part.
func (s stage) take(attempt int64, number int, file []byte) assessments.Take {
	s.t.Helper()
	t, err := s.WriteMedia(s.ctx, s.dana, attempt, assessments.MediaPart{Take: number, Type: "audio/webm", Final: true}, bytes.NewReader(file))
	s.must(err)
	return t
}

// play reads a recording whole, as somebody.
func (s stage) play(by people.Actor, attempt int64, take int) ([]byte, error) {
	m, err := s.Media(s.ctx, by, attempt, take)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return io.ReadAll(m)
}

func (s stage) blobs() (n int) {
	s.t.Helper()
	for _, err := range s.Blobs.Keys(s.ctx) {
		s.must(err)
		n++
	}
	return n
}

func TestTakeArrivesInParts(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.recording()
	file := webm.Silence(30 * time.Second)
	send := func(from, to int, final bool) (assessments.Take, error) {
		return s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 1, Offset: int64(from), Type: "audio/webm;codecs=opus", Final: final}, bytes.NewReader(file[from:to]))
	}
	for _, step := range []struct {
		from, to, want int
		kind           fault.Kind
	}{
		{0, 1000, 1000, 0}, {0, 1000, 1000, 0}, // the same again
		{500, 3000, 3000, 0},               // half of it again
		{4000, 5000, 3000, fault.Conflict}, // a gap
		{3000, 3000, 3000, 0},              // nothing
		{3000, len(file) - 1, len(file) - 1, 0},
	} {
		got, err := send(step.from, step.to, false)
		if int(got.Size) != step.want || step.kind == 0 && err != nil || step.kind != 0 && fault.KindOf(err) != step.kind {
			t.Fatalf("%d to %d: %d bytes, %v", step.from, step.to, got.Size, err)
		}
		if step.kind == fault.Conflict && !strings.Contains(err.Error(), "offset 3000") {
			t.Errorf("a gap answers %q", err)
		}
	}
	if _, err := s.play(s.dana, id, 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("playing a take that is not whole: %v", err)
	}
	if err := s.Submit(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting a take that is not whole: %v", err)
	}
	for range 2 { // the answer to the last part was lost, so it comes again
		got, err := send(len(file)-1, len(file), true)
		if err != nil || got.FinishedAt == nil || got.ContentType != "audio/webm" || got.DurationMS == nil || *got.DurationMS != 29980 {
			t.Fatalf("finished: %+v, %v", got, err)
		}
	}
	if _, err := s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 1, Offset: int64(len(file))}, strings.NewReader("more")); fault.KindOf(err) != fault.Conflict {
		t.Errorf("adding to a finished take: %v", err)
	}
	whole, err := s.play(s.dana, id, 0)
	s.must(err)
	scanned, err := webm.Scan(bytes.NewReader(file), int64(len(file)))
	s.must(err)
	if want := append(scanned.Head, file[scanned.BodyFrom:]...); !bytes.Equal(whole, want) {
		t.Errorf("%d bytes are played, want %d with an index before them", len(whole), len(want))
	}
	// Any stretch of it reads the same.
	m, err := s.Media(s.ctx, s.dana, id, 1)
	s.must(err)
	defer m.Close()
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		from := r.IntN(len(whole))
		n := min(1+r.IntN(3000), len(whole)-from)
		if _, err := m.Seek(int64(from), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(m, b); err != nil || !bytes.Equal(b, whole[from:from+n]) {
			t.Fatalf("%d bytes from %d differ, %v", n, from, err)
		}
	}
}

// A line that breaks in the middle of a part loses nothing that had come.
func TestBrokenLineKeepsWhatCame(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.recording()
	file := webm.Silence(10 * time.Second)
	gone := errors.New("the line broke")
	got, err := s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 1, Type: "audio/webm"}, io.MultiReader(bytes.NewReader(file[:2000]), iotest.ErrReader(gone)))
	if !errors.Is(err, gone) || got.Size != 2000 {
		t.Fatalf("%d bytes, %v", got.Size, err)
	}
	got, err = s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 1, Offset: got.Size, Final: true}, bytes.NewReader(file[2000:]))
	if err != nil || got.Size != int64(len(file)) || got.FinishedAt == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOnlyPlayableFilesAreTaken(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.recording()
	mp4 := append([]byte{0, 0, 0, 24}, "ftypisom\x00\x00\x02\x00isomiso2"...)
	for i, c := range []struct {
		name, said, want string
		file             []byte
		kind             fault.Kind
	}{
		{"an MP3", "audio/mpeg", "", []byte("ID3\x04\x00 not for us, and longer than a head"), fault.Invalid},
		{"a page that says it is a film", "video/webm", "", []byte("<!doctype html><script>alert(1)</script>"), fault.Invalid},
		{"nothing", "video/webm", "", nil, fault.Invalid},
		{"a WebM without sound", "video/webm", "video/webm", webm.Silence(0), fault.Invalid},
		{"an MP4", "video/mp4", "video/mp4", mp4, 0},
		{"an MP4 of sound", "audio/mp4", "audio/mp4", mp4, 0},
		{"sound that says it is a film", "video/webm", "audio/webm", webm.Silence(time.Second), 0},
	} {
		got, err := s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: i + 1, Type: c.said, Uploaded: true, Final: true}, bytes.NewReader(c.file))
		if got.ContentType != c.want || c.kind == 0 && err != nil || c.kind != 0 && fault.KindOf(err) != c.kind {
			t.Errorf("%s: %q, %v", c.name, got.ContentType, err)
		}
	}
	if _, err := s.WriteMedia(s.ctx, s.dana, s.pasted().ID, assessments.MediaPart{Take: 1}, bytes.NewReader(mp4)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("recording in a transcript's attempt: %v", err)
	}
}

// Takes are the rep's alone until one is submitted; of the rest nothing stays.
func TestTakesArePrivateUntilOneIsSubmitted(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.recording()
	if err := s.Submit(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting nothing: %v", err)
	}
	for n := range 4 {
		s.take(id, n+1, webm.Silence(time.Duration(n+1)*time.Second))
	}
	everybody := map[string]people.Actor{"ana": s.ana, "mo": s.mo, "admin": s.admin, "elsewhere": s.elsewhere}
	for name, by := range everybody {
		if _, err := s.play(by, id, 2); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s plays a draft: %v", name, err)
		}
		if list, err := s.Takes(s.ctx, by, id); err != nil || len(list) != 0 {
			t.Errorf("%s knows of %d takes, %v", name, len(list), err)
		}
	}
	s.must(s.RemoveTake(s.ctx, s.dana, id, 1))
	s.must(s.ChooseTake(s.ctx, s.dana, id, 2))
	if err := s.ChooseTake(s.ctx, s.dana, id, 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("choosing a removed take: %v", err)
	}
	s.must(s.Submit(s.ctx, s.dana, id))
	if _, err := s.play(s.ana, id, 0); err != nil {
		t.Errorf("the coach plays the submitted take: %v", err)
	}
	if _, err := s.play(s.ana, id, 3); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the coach plays another take: %v", err)
	}
	for _, name := range []string{"mo", "admin", "elsewhere"} {
		if _, err := s.play(everybody[name], id, 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s plays it: %v", name, err)
		}
	}
	s.must(s.Share(s.ctx, s.dana, id, true))
	if _, err := s.play(s.mo, id, 0); err != nil {
		t.Errorf("the manager plays what is shared: %v", err)
	}
	s.must(s.BreakGlass(s.ctx, s.admin, id, "A complaint about this call."))
	if _, err := s.play(s.admin, id, 0); err != nil {
		t.Errorf("the admin plays it with a reason: %v", err)
	}
	views, err := s.Views(s.ctx, s.dana, id)
	s.must(err)
	played := ""
	for _, v := range views {
		if v.Played {
			played = v.Viewer + " " + played
		}
	}
	if played != "Ana Ruiz Mo Berg Ada Minh " {
		t.Errorf("played by %q", played)
	}
	s.must(s.DeleteGone(s.ctx, id))
	if n := s.blobs(); n != 1 {
		t.Errorf("%d objects are left of one take", n)
	}
	if err := s.RemoveTake(s.ctx, s.dana, id, 2); fault.KindOf(err) != fault.Conflict {
		t.Errorf("removing what is submitted: %v", err)
	}
}

func TestRecordingsGoWhenTheirDaysAreOver(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	old := s.recording()
	s.take(old, 1, webm.Silence(time.Second))
	s.must(s.Submit(s.ctx, s.dana, old))
	s.release(s.ana, old, 3, 3, 3, 3, 3, 3)
	s.later(100 * 24 * time.Hour)
	s.exec(`update company set retention_days = 365`) // does not undo the promise of 180
	young := s.recording()
	s.take(young, 1, webm.Silence(time.Second))
	s.later(79 * 24 * time.Hour)
	s.must(s.ExpireMedia(s.ctx))
	if _, err := s.play(s.dana, old, 0); err != nil {
		t.Errorf("after 179 days: %v", err)
	}
	s.later(24 * time.Hour)
	s.must(s.ExpireMedia(s.ctx))
	_, err := s.play(s.ana, old, 0)
	if fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), "180 days") {
		t.Errorf("after 180 days: %v", err)
	}
	sheets, err := s.Sheets(s.ctx, s.dana, old)
	if err != nil || len(sheets) != 1 || sheets[0].Scores[0].Quote == "" {
		t.Errorf("the scores went with the recording: %+v, %v", sheets, err)
	}
	if n := s.blobs(); n != 1 {
		t.Errorf("%d objects are left of one recording", n)
	}
	s.exec(`update company set retention_days = 30`) // sooner than promised is kinder
	s.must(s.ExpireMedia(s.ctx))
	if n := s.blobs(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestOrphansAreSwept(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	s.take(s.recording(), 1, webm.Silence(time.Second))
	for _, key := range []string{"attempts/9/1/0-lost", "imports/1"} {
		_, err := s.Blobs.Put(s.ctx, key, strings.NewReader("x"), 1, "text/plain")
		s.must(err)
	}
	*s.clock = time.Now()
	if n, err := s.SweepOrphans(s.ctx); n != 0 || err != nil {
		t.Errorf("swept %d at once, %v: an upload may be under way", n, err)
	}
	s.later(25 * time.Hour)
	if n, err := s.SweepOrphans(s.ctx); n != 1 || err != nil || s.blobs() != 2 {
		t.Errorf("swept %d, %d left, %v; want the lost one alone gone", n, s.blobs(), err)
	}
}

func TestErasureIsAskedForAndAnswered(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.recording()
	s.take(id, 1, webm.Silence(time.Second))
	if err := s.AskErasure(s.ctx, s.dana, id, ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asking for a draft: %v", err)
	}
	s.must(s.Submit(s.ctx, s.dana, id))
	if err := s.AskErasure(s.ctx, s.ana, id, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach asks: %v", err)
	}
	s.must(s.AskErasure(s.ctx, s.dana, id, "A colleague’s voice is on it."))
	s.must(s.AskErasure(s.ctx, s.dana, id, "Again."))
	if all, err := s.Erasures(s.ctx, s.ana); err != nil || len(all) != 0 {
		t.Errorf("a coach reads %d requests, %v", len(all), err)
	}
	all, err := s.Erasures(s.ctx, s.admin)
	if err != nil || len(all) != 1 || all[0].Reason != "A colleague’s voice is on it." {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := s.AnswerErasure(s.ctx, s.admin, all[0].ID, false, "no"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("refusing without a reason: %v", err)
	}
	if err := s.AnswerErasure(s.ctx, s.dana, all[0].ID, true, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("answering oneself: %v", err)
	}
	s.must(s.AnswerErasure(s.ctx, s.admin, all[0].ID, true, ""))
	s.must(s.AnswerErasure(s.ctx, s.admin, all[0].ID, false, "A second click comes too late."))
	if _, err := s.play(s.dana, id, 0); fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), "erased") {
		t.Errorf("after erasure: %v", err)
	}
	if n := s.count(`select count(*) from notices where person_id = $1 and kind = 'erasure_answered' and text like '%erased%'`, s.dana.ID); n != 1 {
		t.Errorf("Dana has %d notices", n)
	}
}

// Two tabs send the same take: one is told where to go on, and nothing doubles.
func TestTwoSendersOfOneTake(t *testing.T) {
	t.Parallel()
	s := withMedia(t, stageOn(t, pgtest.New(t)))
	id := s.recording()
	file := webm.Silence(20 * time.Second)
	done := make(chan error, 2)
	for range 2 {
		go func() {
			at := int64(0)
			for {
				end := min(at+500, int64(len(file)))
				got, err := s.WriteMedia(context.Background(), s.dana, id, assessments.MediaPart{Take: 1, Offset: at, Type: "audio/webm", Final: end == int64(len(file))}, bytes.NewReader(file[at:end]))
				if err != nil && fault.KindOf(err) != fault.Conflict {
					done <- err
					return
				}
				if got.FinishedAt != nil {
					done <- nil
					return
				}
				at = got.Size
			}
		}()
	}
	for range 2 {
		s.must(<-done)
	}
	scanned, err := webm.Scan(bytes.NewReader(file), int64(len(file)))
	s.must(err)
	if whole, err := s.play(s.dana, id, 1); err != nil || !bytes.HasSuffix(whole, file[scanned.BodyFrom:]) || len(whole) != len(scanned.Head)+len(file)-int(scanned.BodyFrom) {
		t.Errorf("%d bytes, %v", len(whole), err)
	}
	if n, rows := s.blobs(), s.count(`select count(*) from take_chunks`); n != rows {
		t.Errorf("%d objects for %d rows", n, rows)
	}
}
