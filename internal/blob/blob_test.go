package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/fault"
)

// TestStores runs every story on a folder and on a real S3 server.
func TestStores(t *testing.T) {
	t.Parallel()
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stores := map[string]blob.Store{"folder": folder, "s3": s3(t)}
	stories := map[string]func(*testing.T, blob.Store){
		"round trip": roundTrip, "large of unknown size": large, "failed writing": failedWriting,
		"keys": keys, "absent": absent, "unsafe keys": unsafeKeys, "check": check,
	}
	for kind, store := range stores {
		for name, story := range stories {
			t.Run(kind+"/"+name, func(t *testing.T) { story(t, store) })
		}
	}
}

func roundTrip(t *testing.T, s blob.Store) {
	ctx := t.Context()
	for _, text := range []string{"first", "the second, longer", ""} {
		put, err := s.Put(ctx, "a/b.webm", strings.NewReader(text), int64(len(text)), "video/webm;codecs=vp8,opus")
		if err != nil {
			t.Fatal(err)
		}
		stat, err := s.Stat(ctx, "a/b.webm")
		if err != nil {
			t.Fatal(err)
		}
		o, got, err := s.Get(ctx, "a/b.webm")
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []blob.Info{put, stat, got} {
			if i.Size != int64(len(text)) || i.ContentType != "video/webm;codecs=vp8,opus" || time.Since(i.Modified).Abs() > time.Hour {
				t.Errorf("got %+v for %q", i, text)
			}
		}
		if b, err := io.ReadAll(o); err != nil || string(b) != text {
			t.Errorf("read %q, %v; want %q", b, err, text)
		}
		if len(text) > 5 {
			if _, err := o.Seek(-6, io.SeekEnd); err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(o); err != nil || string(b) != text[len(text)-6:] {
				t.Errorf("after seeking read %q, %v", b, err)
			}
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := s.Delete(ctx, "a/b.webm"); err != nil {
			t.Error(err)
		}
	}
}

// endless is a reader of n bytes that repeat with a period no part divides.
type endless struct{ at, n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.at == e.n {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), e.n-e.at)]
	for i := range p {
		p[i] = byte((e.at + int64(i)) % 251)
	}
	e.at += int64(len(p))
	return len(p), nil
}

func large(t *testing.T, s blob.Store) {
	const size = 40<<20 + 7
	ctx := t.Context()
	want := sha256.New()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := s.Put(ctx, "large", io.TeeReader(&endless{n: size}, want), -1, "application/octet-stream"); err != nil {
		t.Fatal(err)
	}
	o, info, err := s.Get(ctx, "large")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	got := sha256.New()
	if _, err := io.Copy(got, o); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if info.Size != size || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
		t.Errorf("%d bytes came back changed or not all of %d", info.Size, size)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
		t.Errorf("%d MiB were allocated for one object", used>>20)
	}
}

func failedWriting(t *testing.T, s blob.Store) {
	ctx := t.Context()
	if _, err := s.Put(ctx, "kept", strings.NewReader("whole"), 5, "text/plain"); err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("hal"), readerFunc(func([]byte) (int, error) { return 0, errors.New("the line dropped") }))
	if _, err := s.Put(ctx, "kept", broken, -1, "text/plain"); err == nil {
		t.Error("a broken reader was stored")
	}
	if _, err := s.Put(ctx, "kept", strings.NewReader("hal"), 5, "text/plain"); err == nil {
		t.Error("fewer bytes than announced were stored")
	}
	o, _, err := s.Get(ctx, "kept")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if b, err := io.ReadAll(o); err != nil || string(b) != "whole" {
		t.Errorf("read %q, %v; want what was there before", b, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func absent(t *testing.T, s blob.Store) {
	if _, _, err := s.Get(t.Context(), "nothing/here"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Get: %v", err)
	}
	if _, err := s.Stat(t.Context(), "nothing/here"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Stat: %v", err)
	}
}

func unsafeKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{"", "/a", "a/", "a//b", "../a", "a/../b", ".", ".hidden", "a\\b", "a b", "a\x00", "ä", "a~", strings.Repeat("a", 201), strings.Repeat("a/", 300) + "a"} {
		if _, err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Put %q: %v", key, err)
		}
		if _, _, err := s.Get(t.Context(), key); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Get %q: %v", key, err)
		}
		if err := s.Delete(t.Context(), key); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Delete %q: %v", key, err)
		}
	}
}

func keys(t *testing.T, s blob.Store) {
	want := []string{"keys/a/1", "keys/a/2", "keys/b"}
	for _, key := range want {
		if _, err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for key, err := range s.Keys(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(key, "keys/") {
			got = append(got, key)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for range s.Keys(t.Context()) {
		break // an early end must not panic
	}
}

func check(t *testing.T, s blob.Store) {
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFolderIsClosedToOthersAndLeavesNoHalves(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "media")
	s, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), "a", strings.NewReader("x"), 2, "text/plain"); err == nil {
		t.Error("fewer bytes than announced were stored")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("found %v, want the folder of objects alone", entries)
	}
	info, err := os.Stat(filepath.Join(dir, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's mode is %v", info.Mode())
	}
}

// s3 starts a real S3 server on a free port of this machine.
func s3(t *testing.T) *blob.S3 {
	t.Helper()
	program := os.Getenv("PITCHSIDE_TEST_VERSITYGW")
	if program == "" {
		program = "../../.tools/bin/versitygw"
	}
	program, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("the S3 server for tests is missing: run `make tools` once, or set PITCHSIDE_TEST_VERSITYGW (%v)", err)
	}
	addr, dir := freeAddr(t), t.TempDir()
	for _, sub := range []string{"data", "meta"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "--port", addr, "--quiet", "posix", "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data"))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=testaccess", "ROOT_SECRET_KEY=testsecret123")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the S3 server said:\n%s", log.String())
		}
	})
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal("the S3 server does not answer")
		}
	}
	s, err := blob.OpenS3(context.Background(), config.S3{Endpoint: addr, Bucket: "media", AccessKey: "testaccess", SecretKey: "testsecret123"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr())
}
