package skills

// A Noise says how far one kind of source can be trusted, in levels. S is the
// standard deviation of a single observation; Beta that of the habit which all
// observations of one rater share and which repetition cannot remove.
type Noise struct{ S, Beta float64 }

// Parameters are what the model of levels assumes. They are named by Version
// beside every level that they made, and change only together with it.
type Parameters struct {
	Version       string
	PriorMean     float64 // where a role has set none: the starting assumption, a level
	PriorSD       float64 // how far people of one role differ, in levels
	HalfLife      float64 // days after which an observation weighs half
	DriftHalfLife float64 // days after which half of what was known of a skill may have moved
	Sources       map[Source]Noise
	KnowledgeBeta float64 // a quiz measures knowledge directly: its habit there
	SelfBias      float64 // how much higher people rate themselves, in levels

	GapLevels    float64 // a self-rating this far from the coaches is worth a conversation
	LeastScored  int     // R1: sessions that somebody else scored, below which a level is hidden
	LeastKnown   float64 // R1: reliability below which a level is hidden
	FirmlyKnown  float64 // R1: reliability below which a level is provisional
	LeastRaters  int     // R1: people who scored, below which a level is provisional
	SurelyBelow  float64 // R2: chance from which a level counts as below target
	SurelyAtGoal float64 // R2: chance of being below up to which it counts as at or above
	LeastPeople  int     // R13: people below whom a group shows no average
}

// Default are the starting values. The noise of coaches and managers implies
// the interrater reliabilities of Viswesvaran et al. 1996 and of Salgado and
// Moscoso 2019, that of self-ratings the agreement and the lenience found by
// Heidemeier and Moser 2009, and the half-life the loss of unused accuracy
// skills of Tatel and Ackerman 2025. Picking a line from a list and answering a
// quiz are both knowing rather than doing, so they share a habit term.
var Default = Parameters{
	Version:       "2026-1",
	PriorMean:     2.5,
	PriorSD:       0.8,
	HalfLife:      180,
	DriftHalfLife: 365,
	Sources: map[Source]Noise{
		FromCoach:     {0.70, 0.35},
		FromManager:   {0.65, 0.60},
		FromPeer:      {0.65, 0.60},
		FromSelf:      {0.60, 2.40},
		FromQuiz:      {0, 1.50}, // S follows from the items
		FromTextBuyer: {0.70, 1.50},
	},
	KnowledgeBeta: 0.30,
	SelfBias:      0.3,
	GapLevels:     1.0,
	LeastScored:   2,
	LeastKnown:    0.30,
	FirmlyKnown:   0.50,
	LeastRaters:   2,
	SurelyBelow:   0.80,
	SurelyAtGoal:  0.20,
	LeastPeople:   5,
}

// habit returns the standard deviation of a source's habit for a kind of skill.
func (p Parameters) habit(s Source, kind Kind) float64 {
	if s == FromQuiz && kind == Knowledge {
		return p.KnowledgeBeta
	}
	return p.Sources[s].Beta
}
