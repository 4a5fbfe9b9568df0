package jobs

import (
	"context"
	"time"

	"pitchside/courses"

	"github.com/riverqueue/river"
)

// certificatesDue brings the ledger of certificates up to date.
type certificatesDue struct {
	river.WorkerDefaults[courses.CertificatesDue]
	courses *courses.Service
}

func (w *certificatesDue) Work(ctx context.Context, _ *river.Job[courses.CertificatesDue]) error {
	_, err := w.courses.Certify(ctx)
	return err
}

func (*certificatesDue) Timeout(*river.Job[courses.CertificatesDue]) time.Duration {
	return importLimit
}
