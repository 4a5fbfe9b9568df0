package assessments_test

import (
	"context"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
	"pitchside/internal/webm"
	"pitchside/people"
)

// film is an MP4 of a size, made while it is read.
type film struct{ at, size int64 }

func (f *film) Read(p []byte) (int, error) {
	if f.at == f.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), f.size-f.at)]
	for i := range p {
		p[i] = byte(i % 251)
	}
	if f.at == 0 {
		copy(p, "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2")
	}
	f.at += int64(len(p))
	return len(p), nil
}

// BenchmarkUpload streams 256 MB into a take and into the store itself, in the
// same run on the same disk. The ratio of the two rates is what to look at; the
// heap's peak does not depend on the size, which a run with 32 MB shows.
//
//	go test -run '^$' -bench Upload -benchtime 1x ./assessments
func BenchmarkUpload(b *testing.B) {
	ctx := context.Background()
	db := pgtest.New(b)
	folder, err := blob.OpenFolder(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	clock := time.Now
	library := &content.Service{DB: db, Now: clock}
	if err := library.EnsureBuiltIn(ctx); err != nil {
		b.Fatal(err)
	}
	s := &assessments.Service{DB: db, Content: library, Blobs: folder, Now: clock}
	rep := people.Actor{Name: "Dana Okafor", Capabilities: []people.Capability{people.Rep}}
	if err := db.QueryRow(ctx, `insert into persons (name, capabilities, source) values ($1, '{rep}', 'import') returning id`, rep.Name).Scan(&rep.ID); err != nil {
		b.Fatal(err)
	}
	a, err := s.StartAttempt(ctx, rep, rep.ID, scenario, assessments.FormRecording)
	if err != nil {
		b.Fatal(err)
	}
	take := 0
	for _, size := range []int64{32 << 20, 256 << 20} {
		b.Run(assessments.Take{Size: size}.Megabytes(), func(b *testing.B) {
			for b.Loop() {
				take++
				start := time.Now()
				if _, err := folder.Put(ctx, "plain", &film{size: size}, size, "video/mp4"); err != nil {
					b.Fatal(err)
				}
				plain := time.Since(start)
				peak, stop := heapPeak()
				start = time.Now()
				if _, err := s.WriteMedia(ctx, rep, a.ID, assessments.MediaPart{Take: take, Type: "video/mp4", Final: true}, &film{size: size}); err != nil {
					b.Fatal(err)
				}
				ours := time.Since(start)
				stop()
				b.ReportMetric(float64(size)/(1<<20)/ours.Seconds(), "MB/s")
				b.ReportMetric(plain.Seconds()/ours.Seconds(), "ratio")
				b.ReportMetric(float64(peak.Load())/(1<<20), "heap-peak-MB")
			}
		})
	}
}

// heapPeak watches how much of the heap is in use, until stop.
func heapPeak() (*atomic.Uint64, func()) {
	var peak atomic.Uint64
	runtime.GC()
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-end:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return &peak, func() { close(end); <-ended }
}

// Memory does not grow with what is sent: forty pieces allocate less than four.
// It runs alone, since it counts what the whole process allocates.
func TestUploadHoldsOnePieceInMemory(t *testing.T) {
	s := withMedia(t, newStage(t))
	id := s.recording()
	s.take(id, 1, webm.Silence(time.Second)) // what is made once is made
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 2, Type: "video/mp4", Final: true}, &film{size: 160 << 20})
	s.must(err)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 || got.Size != 160<<20 {
		t.Errorf("%d MB were allocated for a take of %d MB", used>>20, got.Size>>20)
	}
}
