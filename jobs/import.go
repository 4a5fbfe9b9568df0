package jobs

import (
	"context"
	"time"

	"pitchside/courses"
	"pitchside/performance"

	"github.com/riverqueue/river"
)

// importLimit is how long a file of a million rows may take on a slow machine.
const importLimit = 30 * time.Minute

// previewAsked reads a file and finds out what its rows would do.
type previewAsked struct {
	river.WorkerDefaults[performance.PreviewAsked]
	performance *performance.Service
}

func (w *previewAsked) Work(ctx context.Context, job *river.Job[performance.PreviewAsked]) error {
	return w.performance.Preview(ctx, job.Args.ImportID)
}

func (*previewAsked) Timeout(*river.Job[performance.PreviewAsked]) time.Duration { return importLimit }

// importConfirmed imports the valid rows of a file. People who came by it, or
// whom it moved, may match a rule that enrols them.
type importConfirmed struct {
	river.WorkerDefaults[performance.ImportConfirmed]
	performance *performance.Service
	courses     *courses.Service
}

func (w *importConfirmed) Work(ctx context.Context, job *river.Job[performance.ImportConfirmed]) error {
	if err := w.performance.CarryOut(ctx, job.Args.ImportID); err != nil {
		return err
	}
	_, err := w.courses.ApplyRules(ctx, 0)
	return err
}

func (*importConfirmed) Timeout(*river.Job[performance.ImportConfirmed]) time.Duration {
	return importLimit
}

// undoAsked puts back what an import changed.
type undoAsked struct {
	river.WorkerDefaults[performance.UndoAsked]
	performance *performance.Service
}

func (w *undoAsked) Work(ctx context.Context, job *river.Job[performance.UndoAsked]) error {
	return w.performance.TakeBack(ctx, job.Args.ImportID)
}

func (*undoAsked) Timeout(*river.Job[performance.UndoAsked]) time.Duration { return importLimit }
