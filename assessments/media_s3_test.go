package assessments_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/webm"
)

// An s3Server is a real S3 server that a test stops and starts.
type s3Server struct {
	t             *testing.T
	program, addr string
	dir           string
	cmd           *exec.Cmd
}

func newS3Server(t *testing.T) *s3Server {
	t.Helper()
	program := os.Getenv("PITCHSIDE_TEST_VERSITYGW")
	if program == "" {
		program = "../.tools/bin/versitygw"
	}
	program, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("the S3 server for tests is missing: run `make tools` once, or set PITCHSIDE_TEST_VERSITYGW (%v)", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &s3Server{t: t, program: program, addr: l.Addr().String(), dir: t.TempDir()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"data", "meta"} {
		if err := os.Mkdir(filepath.Join(s.dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.start()
	t.Cleanup(s.stop)
	return s
}

func (s *s3Server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.program, "--port", s.addr, "--quiet", "posix", "--sidecar", filepath.Join(s.dir, "meta"), filepath.Join(s.dir, "data"))
	s.cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=testaccess", "ROOT_SECRET_KEY=testsecret123")
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", s.addr); err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the S3 server does not answer")
		}
	}
}

func (s *s3Server) stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// The store goes away in the middle of a take and comes back: what was
// acknowledged is there, what was not is sent again, and the whole plays.
func TestStoreGoesAwayInMidTake(t *testing.T) {
	t.Parallel()
	server := newS3Server(t)
	s := newStage(t)
	store, err := blob.OpenS3(context.Background(), config.S3{Endpoint: server.addr, Bucket: "media", AccessKey: "testaccess", SecretKey: "testsecret123"})
	s.must(err)
	s.Blobs = store
	id := s.recording()
	file := webm.Silence(10 * time.Second)
	send := func(from, to int) (assessments.Take, error) {
		return s.WriteMedia(s.ctx, s.dana, id, assessments.MediaPart{Take: 1, Offset: int64(from), Type: "audio/webm", Final: to == len(file)}, bytes.NewReader(file[from:to]))
	}
	first, err := send(0, 1500)
	s.must(err)
	server.stop()
	during, err := send(1500, 3000)
	if err == nil || during.Size != first.Size {
		t.Fatalf("without a store %d bytes were counted, %v", during.Size, err)
	}
	if n := s.count(`select count(*) from take_chunks`); n != 1 {
		t.Errorf("%d chunks have rows, want the one that is stored", n)
	}
	server.start()
	if back, err := send(int(during.Size), 3000); err != nil || back.Size != 3000 {
		t.Fatalf("with the store back: %d bytes, %v", back.Size, err)
	}
	_, err = send(3000, len(file))
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, id))
	scanned, err := webm.Scan(bytes.NewReader(file), int64(len(file)))
	s.must(err)
	if whole, err := s.play(s.ana, id, 0); err != nil || !bytes.HasSuffix(whole, file[scanned.BodyFrom:]) {
		t.Errorf("the coach plays %d bytes, %v", len(whole), err)
	}
}
