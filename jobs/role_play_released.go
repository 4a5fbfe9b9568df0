package jobs

import (
	"context"

	"pitchside/assessments"

	"github.com/riverqueue/river"
)

// RolePlayReleased tells the rep that a sheet is out. Telling twice is once.
type RolePlayReleased struct {
	river.WorkerDefaults[assessments.RolePlayReleased]
	Assessments *assessments.Service
}

// Work leaves the notice.
func (w *RolePlayReleased) Work(ctx context.Context, job *river.Job[assessments.RolePlayReleased]) error {
	return w.Assessments.TellReleased(ctx, job.Args)
}
