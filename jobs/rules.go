package jobs

import (
	"context"
	"time"

	"pitchside/courses"

	"github.com/riverqueue/river"
)

// rulesDue puts whoever has come to match a rule into what it names.
type rulesDue struct {
	river.WorkerDefaults[courses.RulesDue]
	courses *courses.Service
}

func (w *rulesDue) Work(ctx context.Context, _ *river.Job[courses.RulesDue]) error {
	_, err := w.courses.ApplyRules(ctx, 0)
	return err
}

func (*rulesDue) Timeout(*river.Job[courses.RulesDue]) time.Duration { return importLimit }

// Hourly returns what is done each hour, and once when the program starts.
func Hourly() []*river.PeriodicJob {
	return []*river.PeriodicJob{hourly(courses.RulesDue{}), hourly(courses.CertificatesDue{})}
}

func hourly(news river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) {
		return news, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: 10 * time.Minute}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}
