package assessments

import (
	"regexp"
	"strings"
)

// Words by which a state is called bad, or better than today's. A stem stands
// for all words that begin with it; an ending in a full stop ends it there.
const (
	badStems = `abandon absen. ache accident annoy angr apolog arrear assault attrition awkward backlog. bad. badly ban. barely behind. blame bleed blind. blip block
bodge bother bottleneck bounc breach break broke brok brought bug. burn burst cancel. cancell can't cannot careless cash-flow chaos chas. chasing
cheat churn clash clog cold. complain. complaint confus congest contaminat corros cost. costs costing crack crash creep crisis critic cumbersome cut
damag damp danger dead. debt. decay decline defect delay deni desper deteriorat difficult dirty disappoint discard disconnect discontent disgruntled
dispute disrupt distract doubt downtime draught drop drown dry duplicat dust embarrass empty error escape evict excess exhaust expos fail false fault
fear fed fine. fined fines fire. flak flaw flood fold. forget forgot fraud freez frustrat fumble gap. gaps gave wrong grief gripe grumbl guess.
guesswork hack half-empty hard. harder hassle hate hazard headache held hiccup hidden hold holds hole. horrible hurt idle ignor ill. illegible imposs
inaccura inadequa incident incomplete inconsisten incorrect ineffic injur insecur interrupt irritat isn't issue jam. jams jammed judder junk. lack
lag. lags late. lateness laws lawsuit leak leav leaving liab limp litigat lose. loses losing loss lost lower mess. messy miss. missed misses missing
mistake misplac mix-up mould muddle nag neglect nightmare noise nois nobody none. nuisance obstacle sick. offline outage outdat outstanding overdue
overload overpa overrun overspend overstretch overtime overwhelm overwork pack packs pain. painful panic patchy penal. penalt perish pest. pile piles
poor poorly pressur problem quit. quits queue refund. refus reject repeat. resent resign retype re-key rework risk rot. rough rush rust sack. scrap.
scrapp scrambl seiz short. shortage shortfall shut. shuts sickness skip slip. slips slow. slower slowly slows smell snag sour. spill spoil stain stale
stall idle. steal stick sticks stole stood stop. stops stopped strain stress stretch struggl stuck stumbl suffer swamp tangl tear. tears terrible
threat tired trip. trips tripped trouble turnover twice. ugly unable unanswered unclear unhapp unpaid unread unreliab unsafe unsold untidy upset
vandal. void. vulnerab wait. waiting waits waste. wasted wasting weak wear went off. wobbl worn worr worse. worst wound wrong. wrongly`
	goodStems = `able advantage automatic avoid benefit. benefits best better boost clean. clear. clearer confiden consisten cuts earl. earlier early easier easily
easy eas. enable faster fewer fix. fixed free frees freed free. gain. gains gained good. halv. halve handy happier help. helps helped helpful ideal.
improv advance. instant instead. lower. without. match. matched notice. overnight. pays predict prevent protect quicker quickly quiet. ready. reduc
reliabl remov safe. safer same-day sav. save saves saved saving sav settled sharper shorten shorter simpl smooth solv sooner sort. sorted spare.
stable stayed stays stop. straight strength. sure. time tidy trust. understand to date. useful valuable value. visib warning. went win. winning worth.
worthwhile`
)

// lexicon makes a pattern of stems, apart by white space.
func lexicon(stems string) *regexp.Regexp {
	var parts []string
	for _, s := range strings.Fields(stems) {
		if whole, ok := strings.CutSuffix(s, "."); ok {
			parts = append(parts, regexp.QuoteMeta(whole)+`\b`)
		} else {
			parts = append(parts, regexp.QuoteMeta(s))
		}
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(parts, "|") + `)`)
}

var (
	badWord  = lexicon(badStems)
	goodWord = lexicon(goodStems)
)
