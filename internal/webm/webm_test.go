package webm_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"pitchside/internal/webm"
)

// seekable joins the head that was made with the rest of the file.
func seekable(t *testing.T, file []byte) ([]byte, webm.Scanned) {
	t.Helper()
	got, err := webm.Scan(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(got.Head), file[got.BodyFrom:]...), got
}

func TestScanGivesDurationAndIndex(t *testing.T) {
	t.Parallel()
	file := webm.Silence(42 * time.Second)
	whole, got := seekable(t, file)
	if got.Duration != 42*time.Second-20*time.Millisecond || got.Video {
		t.Errorf("%v, with a picture: %t; want the start of the last frame, sound", got.Duration, got.Video)
	}
	if !bytes.HasSuffix(whole, file[got.BodyFrom:]) || !bytes.HasPrefix(file[got.BodyFrom:], []byte{0x1F, 0x43, 0xB6, 0x75}) {
		t.Error("the clusters are not served unchanged")
	}
	// Each entry of the index leads to a cluster of its time.
	segment := bytes.Index(whole, []byte{0x18, 0x53, 0x80, 0x67})
	if size := binary.BigEndian.Uint64(whole[segment+4:]) &^ (1 << 56); int(size) != len(whole)-segment-12 {
		t.Errorf("the segment says %d bytes and has %d", size, len(whole)-segment-12)
	}
	entries := bytes.Split(whole[:len(got.Head)], []byte{0xB3, 1, 0, 0, 0, 0, 0, 0, 8})[1:]
	if len(entries) != 9 {
		t.Fatalf("%d entries for nine clusters", len(entries))
	}
	for i, e := range entries {
		at := binary.BigEndian.Uint64(e)
		place := binary.BigEndian.Uint64(e[bytes.Index(e, []byte{0xF1, 1, 0, 0, 0, 0, 0, 0, 8})+9:])
		if at != uint64(i*5000) || !bytes.HasPrefix(whole[segment+12+int(place):], []byte{0x1F, 0x43, 0xB6, 0x75}) {
			t.Errorf("entry %d: %d ms leads to no cluster", i, at)
		}
	}
	// What has an index is left as it is.
	if again, err := webm.Scan(bytes.NewReader(whole), int64(len(whole))); err != nil || again.Head != nil || again.Duration != got.Duration {
		t.Errorf("a second scan: %+v, %v", again, err)
	}
}

func TestScanReadsWhatWasCutOff(t *testing.T) {
	t.Parallel()
	file := webm.Silence(20 * time.Second)
	got, err := webm.Scan(bytes.NewReader(file[:len(file)-5]), int64(len(file)-5))
	if err != nil || got.Duration < 19*time.Second {
		t.Errorf("%v, %v", got.Duration, err)
	}
}

func TestScanRefusesWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	file := webm.Silence(time.Second)
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("Hello, this is no film."), "a head alone": file[:120], "zeros": make([]byte, 4096),
		"endless": append(bytes.Clone(file[:60]), bytes.Repeat([]byte{0xFF}, 4096)...)} {
		if got, err := webm.Scan(bytes.NewReader(b), int64(len(b))); err == nil {
			t.Errorf("%s was read as %+v", name, got)
		}
	}
	if _, err := webm.Scan(bytes.NewReader(nil), 0); !errors.Is(err, webm.ErrUnplayable) {
		t.Errorf("an empty file: %v", err)
	}
}

// Whatever bytes come, the scan ends and does not panic.
func FuzzScan(f *testing.F) {
	f.Add(webm.Silence(100 * time.Millisecond))
	f.Add([]byte{0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := webm.Scan(bytes.NewReader(b), int64(len(b)))
		if err == nil && (got.BodyFrom < 0 || got.BodyFrom > int64(len(b))) {
			t.Errorf("the body begins at %d of %d", got.BodyFrom, len(b))
		}
	})
}
