package jobs

import (
	"context"
	"time"

	"pitchside/content"

	"github.com/riverqueue/river"
)

// libraryImportAsked brings a large library in, from wherever it stands.
type libraryImportAsked struct {
	river.WorkerDefaults[content.ImportAsked]
	content *content.Service
}

func (w *libraryImportAsked) Work(ctx context.Context, job *river.Job[content.ImportAsked]) error {
	return w.content.CarryOutImport(ctx, job.Args.ImportID)
}

func (*libraryImportAsked) Timeout(*river.Job[content.ImportAsked]) time.Duration { return importLimit }
