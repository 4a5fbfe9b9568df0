package jobs

import (
	"context"
	"time"

	"pitchside/assessments"

	"github.com/riverqueue/river"
)

// mediaLimit is how long deleting a night's recordings may take.
const mediaLimit = 2 * time.Hour

// mediaGone deletes the bytes of takes that are gone.
type mediaGone struct {
	river.WorkerDefaults[assessments.MediaGone]
	assessments *assessments.Service
}

func (w *mediaGone) Work(ctx context.Context, job *river.Job[assessments.MediaGone]) error {
	return w.assessments.DeleteGone(ctx, job.Args.AttemptID)
}

func (*mediaGone) Timeout(*river.Job[assessments.MediaGone]) time.Duration { return mediaLimit }

// mediaDue deletes recordings whose days are over, and what was stored without
// ever being counted.
type mediaDue struct {
	river.WorkerDefaults[assessments.MediaDue]
	assessments *assessments.Service
}

func (w *mediaDue) Work(ctx context.Context, _ *river.Job[assessments.MediaDue]) error {
	if err := w.assessments.ExpireMedia(ctx); err != nil {
		return err
	}
	_, err := w.assessments.SweepOrphans(ctx)
	return err
}

func (*mediaDue) Timeout(*river.Job[assessments.MediaDue]) time.Duration { return mediaLimit }

// Nightly returns what is done by the clock: once a day, and once when the
// program starts, in case it was off at night.
func Nightly() []*river.PeriodicJob {
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) {
		return assessments.MediaDue{}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
	}, &river.PeriodicJobOpts{RunOnStart: true})}
}
