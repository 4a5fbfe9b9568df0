package content_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/pg/pgtest"
)

// large is a library of n lessons like those that people write.
func large(n int) fstest.MapFS {
	lib := fstest.MapFS{"skills.yaml": {Data: []byte(tinySkills)}}
	for i := range n {
		course := fmt.Sprintf("courses/c%d", i/20)
		if i%20 == 0 {
			lib[course+"/course.md"] = &fstest.MapFile{Data: []byte("---\ntitle: Course\nattribution: Ours.\n---\nHello.\n")}
		}
		lib[fmt.Sprintf("%s/%02d-l%d.md", course, i%20+1, i)] = &fstest.MapFile{Data: []byte(longLesson(i))}
	}
	return lib
}

func longLesson(i int) string {
	text := fmt.Sprintf("---\ntitle: Lesson %d\nskills: [listen]\n---\n", i)
	for p := range 30 {
		text += fmt.Sprintf("## Part %d\n\nA paragraph with **strong words**, a [link](https://example.com/%d) and a list:\n\n- one\n- two\n\n", p, p)
	}
	return text + fmt.Sprintf("### Which? {#q-which-%d skill=listen}\n- ( ) This\n- (x) That\n! That is it.\n", i)
}

// BenchmarkImport brings in 2,000 documents that the library has never had.
func BenchmarkImport(b *testing.B) {
	ctx, lib := context.Background(), large(1900)
	for b.Loop() {
		b.StopTimer()
		s := &content.Service{DB: pgtest.New(b), Now: time.Now}
		b.StartTimer()
		in, err := s.Import(ctx, author, lib, true)
		if err != nil || content.Failed(in.Problems) || len(in.Documents) != len(lib) {
			b.Fatal(len(in.Documents), in.Problems, err)
		}
	}
	b.ReportMetric(float64(len(lib)), "documents")
}

// BenchmarkRender is what publishing a lesson costs once; BenchmarkView is what
// each look at it costs then.
func BenchmarkRender(b *testing.B) {
	body := []byte(longLesson(1))
	for b.Loop() {
		content.Read(content.Identity{Kind: content.KindLesson, Slug: "c0.l1", Path: "courses/c0/02-l1.md"}, body)
	}
}

func BenchmarkView(b *testing.B) {
	ctx := context.Background()
	s := &content.Service{DB: pgtest.New(b), Now: time.Now}
	if _, err := s.Import(ctx, author, large(20), true); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Published(ctx, content.KindLesson, "c0.l1"); err != nil {
			b.Fatal(err)
		}
	}
}
