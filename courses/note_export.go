package courses

import (
	"fmt"
	"slices"
	"strings"
)

// NotesMarkdown writes notes as a Markdown document: by course and lesson, each
// with the words it stands at and a link below the site's address.
func NotesMarkdown(notes []FoundNote, site string) string {
	notes = slices.Clone(notes)
	slices.SortStableFunc(notes, func(a, b FoundNote) int {
		if c := strings.Compare(a.Course+"\x00"+a.Lesson, b.Course+"\x00"+b.Lesson); c != 0 {
			return c
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	})
	var b strings.Builder
	b.WriteString("# My notes\n")
	course, lesson := "", ""
	for _, n := range notes {
		if n.Course != course {
			fmt.Fprintf(&b, "\n## %s\n", oneLine(n.CourseTitle))
			course, lesson = n.Course, ""
		}
		if n.Lesson != lesson {
			fmt.Fprintf(&b, "\n### %s\n", oneLine(n.LessonTitle))
			lesson = n.Lesson
		}
		if n.Quote != "" {
			fmt.Fprintf(&b, "\n> %s\n", oneLine(n.Quote))
		}
		if n.Text != "" {
			fmt.Fprintf(&b, "\n%s\n", n.Text)
		}
		words := []string{n.UpdatedAt.Format("2 January 2006")}
		if n.Bookmarked {
			words = append(words, "bookmarked")
		}
		if n.Changed {
			words = append(words, "the text has changed")
		}
		if n.Gone {
			fmt.Fprintf(&b, "\n%s, the lesson is gone\n", strings.Join(words, ", "))
		} else {
			fmt.Fprintf(&b, "\n%s, [open](%s%s)\n", strings.Join(words, ", "), strings.TrimSuffix(site, "/"), n.Href())
		}
	}
	return b.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
