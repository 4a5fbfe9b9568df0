package api

import (
	"context"
	"net/http"
	"strings"

	"pitchside/content"
	"pitchside/content/bank"
	"pitchside/internal/fault"
	"pitchside/people"
)

func (a *API) registerQuestionBanks(o func(method, path, id, summary, scope string) op) {
	bring := o(http.MethodPost, "/question-banks/import", "read-question-bank", "Read a question bank in GIFT, Aiken, Moodle XML or QTI into our own format; nothing is stored", "content:read")
	bring.Limit = bank.MaxBytes
	register(a, bring, readQuestionBank)
	register(a, o(http.MethodGet, "/question-banks/export", "write-question-bank", "The published quiz of a course in GIFT; what GIFT cannot say is named in its first lines", "content:read"), a.writeQuestionBank)
}

// A bankReportJSON says what became of a question bank.
type bankReportJSON struct {
	Imported  int                `json:"imported"`
	Skipped   int                `json:"skipped"`
	Questions []bankQuestionJSON `json:"questions"`
	Problems  []findingJSON      `json:"problems"`
}

type bankQuestionJSON bank.Question

func readQuestionBank(_ context.Context, _ people.Actor, in *struct {
	Format  string `query:"format" doc:"gift, aiken, moodle-xml or qti (one file of QTI 2.1 or 3.0, or a zip)"`
	RawBody []byte `contentType:"text/plain"`
}) (*Body[bankReportJSON], error) {
	got, ok := bank.Read(in.Format, in.RawBody)
	if !ok {
		var names []string
		for _, f := range bank.Formats {
			names = append(names, "?format="+f.Name)
		}
		return nil, fault.Field("format", "Say which format the bank has: "+strings.Join(names, ", ")+".")
	}
	out := bankReportJSON{Imported: got.Imported, Skipped: got.Skipped, Questions: make([]bankQuestionJSON, len(got.Questions)), Problems: problemsAsJSON(got.Problems)}
	for i, q := range got.Questions {
		out.Questions[i] = bankQuestionJSON(q)
	}
	return &Body[bankReportJSON]{out}, nil
}

func (a *API) writeQuestionBank(ctx context.Context, _ people.Actor, in *struct {
	Course string `query:"course" required:"true"`
	Format string `query:"format" enum:"gift" default:"gift"`
}) (*fileAnswer, error) {
	quiz, err := a.Content.Published(ctx, content.KindQuiz, in.Course)
	if err != nil {
		return nil, err
	}
	text, _ := content.WriteGIFT(quiz.Path, quiz.Questions())
	return &fileAnswer{"text/plain; charset=utf-8", `attachment; filename="` + quiz.Slug + `.gift"`, []byte(text)}, nil
}
