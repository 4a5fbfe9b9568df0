// Package content is the authored library: documents in Markdown and YAML with
// immutable versions, how they are checked, rendered, brought in and given
// out. It knows nothing of who has read, answered or scored anything.
//
// What may be left out of a document, and what then holds:
//
//	course.md   minutes: the sum of its lessons · prerequisites, skills, outcomes: none
//	lesson      minutes: its words at 150 a minute, at least 1 · skills: those of its course are not assumed
//	quiz.md     pass 80 (percent) · attempts 0 (no limit) · draw 0 (every question) · shuffle true · minutes 0 (no limit)
//	question    points 1 · skill none
//	scenario    method general · difficulty intermediate · minutes 10 · pass 50 · graders 1 · ## Beats: no text buyer
//	rubric      critical false · trigger always
//	roles.yaml  prior_mean 2.5
package content

import (
	"time"

	"pitchside/content/source"
	"pitchside/internal/pg"
)

// A Service does this room's units of work. The zero cache is ready to use.
type Service struct {
	DB     pg.DB
	Now    func() time.Time
	Folder *Folder  // the company's own; nil: none
	Jobs   pg.Queue // nil: what is asked for is done at once

	shelf  shelf
	seeker seeker
}

// A Problem is one thing to put right in an authored file.
type Problem = source.Problem

// Failed reports whether any problem keeps its document from being published.
func Failed(problems []Problem) bool { return source.Failed(problems) }
