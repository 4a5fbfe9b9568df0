// Package jobs is what the house does after the answer has gone out: one worker
// for each piece of news, with everything that follows from it. Each may run
// twice without harm. It knows no page.
package jobs

import (
	"pitchside/assessments"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/performance"

	"github.com/riverqueue/river"
)

// Rooms are those whose news has consequences.
type Rooms struct {
	Assessments *assessments.Service
	Performance *performance.Service
	Courses     *courses.Service
	Content     *content.Service
}

// Workers returns every worker of the house.
func Workers(r Rooms) *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, &RolePlayReleased{Assessments: r.Assessments})
	river.AddWorker(w, &mediaGone{assessments: r.Assessments})
	river.AddWorker(w, &mediaDue{assessments: r.Assessments})
	river.AddWorker(w, &previewAsked{performance: r.Performance})
	river.AddWorker(w, &importConfirmed{performance: r.Performance, courses: r.Courses})
	river.AddWorker(w, &undoAsked{performance: r.Performance})
	river.AddWorker(w, &rulesDue{courses: r.Courses})
	river.AddWorker(w, &certificatesDue{courses: r.Courses})
	river.AddWorker(w, &libraryImportAsked{content: r.Content})
	return w
}
