package demo

import (
	"context"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
)

const profitCase, callPlan = "t5-profit-case", "t8-call-plan"

// A page is what a member writes into a worksheet, by field, and what a coach
// makes of it, by criterion of the rubric.
type page struct {
	texts         map[string]string
	levels        map[string]int
	quotes        map[string]string
	keep, tryNext string
}

// birchall is Dana's profit case for a bakery, as she first wrote it.
var birchall = page{
	texts: map[string]string{
		"f-number":     "Stops of the slicing line: 11 a week now, 5 by December.\nOwner: Marta Birchall, operations.",
		"f-investment": "Line Watch £18,500, and £3,600 a year.",
		"f-gains":      "6 fewer stops × 40 minutes × £95 an hour × 50 weeks = £19,000 a year.",
		"f-range":      "About £15,400 a year.",
		"f-uncounted":  "Fewer lorries that leave late.",
	},
	levels: map[string]int{"facts": 3, "customer_view": 3, "logic": 2, "action": 2, "measure": 3},
	quotes: map[string]string{"facts": "6 fewer stops × 40 minutes × £95 an hour × 50 weeks = £19,000 a year.", "customer_view": "Owner: Marta Birchall, operations.",
		"logic": "About £15,400 a year.", "action": "Line Watch £18,500, and £3,600 a year.", "measure": "Stops of the slicing line: 11 a week now, 5 by December."},
	keep:    "Your sum can be done again by anybody, and the number has an owner. She will recognise it.",
	tryNext: "Say how sure it is: let Marta choose the low case. And name a day on which you both stop and look.",
}

// birchallAgain is what she made of it after the scores.
var birchallAgain = page{
	texts: map[string]string{
		"f-number":     "Stops of the slicing line: 11 a week now (shift book, four weeks to 3 October: 10, 12, 11, 11), 5 by December.\nOwner: Marta Birchall, operations.",
		"f-investment": "Once: Line Watch £18,500, and two days of her fitters, £900 (Marta). Together £19,400. £3,600 a year to run.",
		"f-cash":       "Half speed for the first two months. Back after about seventeen months, as Marta plans it.",
		"f-range":      "Low, chosen by Marta: 3 fewer stops, £9,500 − £3,600 = £5,900 a year.\nExpected: £19,000 − £3,600 = £15,400. High, 8 fewer: about £21,700.\nIt hangs on the stops: one a week more or less is £3,167 a year.",
		"f-stop":       "More than 8 stops a week in week 12: Marta and I meet before she orders for the second line. She counts, from the shift book.",
		"f-rivals":     "A second fitter on nights, £31,000 a year. New blades, £4,000, which she will buy in any case.",
	},
	levels: map[string]int{"facts": 4, "customer_view": 3, "logic": 4, "action": 4, "measure": 4},
	quotes: map[string]string{"facts": "Stops of the slicing line: 11 a week now (shift book, four weeks to 3 October: 10, 12, 11, 11), 5 by December.",
		"customer_view": "Low, chosen by Marta: 3 fewer stops, £9,500 − £3,600 = £5,900 a year.", "logic": "It hangs on the stops: one a week more or less is £3,167 a year.",
		"action":  "More than 8 stops a week in week 12: Marta and I meet before she orders for the second line. She counts, from the shift book.",
		"measure": "More than 8 stops a week in week 12: Marta and I meet before she orders for the second line. She counts, from the shift book."},
	keep:    "The low case is hers, and the page says what it hangs on. That is what her finance lead will ask first.",
	tryNext: "Have Marta explain the page to you once. Then the customer’s view is confirmed and not only written down.",
}

// plans are what people write when a program asks for a worksheet.
var plans = map[string]page{
	callPlan: {
		texts: map[string]string{
			"f-aim":       "He walks me through dispatch on a working day before the 20th. If not, he sends the late list of last month.",
			"f-facts":     "Four depots, 120 people (their site). Opened Lorne Street in March (local paper). Two vacancies for night dispatchers (job board).",
			"f-problem":   "Trucks wait at night and nobody sees it until morning. Wrong if he knows the waiting time by heart.",
			"f-questions": "“Which trucks come back late?” “What happens to the first tour then?” “Who hears about it?” “If you saw it at two in the morning, what would you do?”",
			"f-after":     "A day in his diary, or a no with a reason. His words for the problem in five lines, the same day.",
		},
		levels: map[string]int{"facts": 3, "customer_view": 2, "logic": 3, "action": 4, "measure": 3},
	},
	"t9-process-map": {
		texts: map[string]string{
			"f-deals":  "The last ten that ended before June, four of them lost. Dates from mail where the CRM was off.",
			"f-stages": "First talk, 8 days. Need agreed, 13. Waiting for the trial unit, 11, nobody’s. Offer, 9. Order, 17. Together 58 days.",
			"f-change": "From July operations keeps the list of trial units. Tried in North first.",
		},
	},
	"t10-sales-assessment": {
		texts: map[string]string{
			"f-purpose": "What we change first this year. Nobody is appraised by it.",
			"f-sources": "Twelve months of opportunities, fourteen calls heard, everybody asked for half an hour. Service was not asked.",
			"f-gaps":    "Offers before needs. Trial units that wait. Dates in the past.",
		},
	},
}

// worksheets makes a profit case that was scored and revised, and a call plan
// that waits for a coach.
func (c *Company) worksheets(ctx context.Context) error {
	if _, err := c.Assessments.Worksheet(ctx, profitCase); fault.KindOf(err) == fault.NotFound && err != nil {
		return nil // a library of the company's own may have none
	}
	first, err := c.fillIn(ctx, "Dana Okafor", profitCase, 0, birchall, c.day(19, 14, 0))
	if err != nil {
		return err
	}
	if err := c.scorePage(ctx, "Ana Ruiz", first, birchall, c.day(17, 11, 0)); err != nil {
		return err
	}
	again, err := c.fillIn(ctx, "Dana Okafor", profitCase, first, birchallAgain, c.day(12, 16, 0))
	if err != nil {
		return err
	}
	if err := c.scorePage(ctx, "Ana Ruiz", again, birchallAgain, c.day(11, 9, 30)); err != nil {
		return err
	}
	_, err = c.fillIn(ctx, "Aisha Khan", callPlan, 0, plans[callPlan], c.day(1, 15, 20))
	return err
}

// fillIn writes a worksheet and hands it in.
func (c *Company) fillIn(ctx context.Context, name, slug string, revises int64, p page, at time.Time) (int64, error) {
	by := c.as(name)
	c.at(at)
	a, err := c.Assessments.StartWorksheet(ctx, by, by.ID, slug, revises)
	if err != nil {
		return 0, err
	}
	if _, err := c.Assessments.SaveFields(ctx, by, a.ID, assessments.FieldsInput{Texts: p.texts}); err != nil {
		return 0, err
	}
	c.at(at.Add(35 * time.Minute))
	return a.ID, c.Assessments.Submit(ctx, by, a.ID)
}

// scorePage scores a worksheet; a criterion without a quote of its own quotes
// the first line.
func (c *Company) scorePage(ctx context.Context, name string, attempt int64, p page, at time.Time) error {
	by := c.as(name)
	c.at(at)
	fields, err := c.Assessments.Fields(ctx, by, attempt)
	if err != nil {
		return err
	}
	in := assessments.SheetInput{Keep: p.keep, TryNext: p.tryNext}
	for criterion, level := range ordered(p.levels) {
		quote := p.quotes[criterion]
		if quote == "" {
			quote = fields[0].Lines[0].Text
		}
		in.Scores = append(in.Scores, assessments.Score{Criterion: criterion, Level: &level, Quote: quote})
	}
	if _, _, err := c.Assessments.SaveSheet(ctx, by, attempt, by.ID, in, nil); err != nil {
		return err
	}
	_, err = c.Assessments.Release(ctx, by, attempt, by.ID)
	return err
}

// planned fills in the worksheet that a program asks for; somebody's coach
// scores it the next day.
func (c *Company) planned(ctx context.Context, name, slug string, at time.Time) error {
	p, ok := plans[slug]
	if !ok {
		return nil
	}
	id, err := c.fillIn(ctx, name, slug, 0, p, at)
	if err != nil || p.levels == nil || c.cast[name].coach == "" {
		return err
	}
	next := at.Add(22 * time.Hour)
	if next.After(c.Now) {
		return nil
	}
	return c.scorePage(ctx, c.cast[name].coach, id, p, next)
}
