package demo

import "pitchside/people"

// A member is one person of the demo company.
type member struct {
	name   string
	email  string // of the five sign-ins; the others' is made from the name
	role   string
	team   string
	can    []people.Capability
	months int     // since hired
	talent float64 // how far above the usual level of the role, in levels
	coach  string
}

// The teams of the demo company: one tree, four teams.
const (
	sales      = "Fernhill Sales"
	north      = "Mid-market North"
	south      = "Mid-market South"
	enterprise = "Enterprise"
)

var (
	rep        = []people.Capability{people.Rep}
	coach      = []people.Capability{people.Coach}
	repCoach   = []people.Capability{people.Rep, people.Coach}
	manager    = []people.Capability{people.Manager}
	coachesToo = []people.Capability{people.Manager, people.Coach}
)

// cast is everybody: 31 reps, 6 who coach, 3 managers, an author and an admin.
// All names are invented.
var cast = []member{
	{"Helen Achterberg", "", "sales manager", sales, manager, 36, 0.6, ""},
	{"Eve Marsh", "manager@pitchside.example", "sales manager", north, manager, 34, 0.4, ""},
	{"Tomas Lind", "", "sales manager", south, coachesToo, 29, 0.3, ""},
	{"Ana Ruiz", "coach@pitchside.example", "sales manager", north, coach, 31, 0.9, ""},
	{"Ben Carver", "", "sales manager", south, coach, 27, 0.7, ""},
	{"Ines Fontaine", "", "sales manager", enterprise, coach, 33, 0.8, ""},
	{"Jonas Weber", "author@pitchside.example", "Enablement", sales, []people.Capability{people.Author}, 30, 0, ""},
	{"Sam Birch", "admin@pitchside.example", "Operations", sales, []people.Capability{people.Admin}, 35, 0, ""},

	{"Dana Okafor", "rep@pitchside.example", "AE", north, rep, 7, 0.1, "Ana Ruiz"},
	{"Aisha Khan", "", "AE", north, rep, 22, 0.7, "Ana Ruiz"},
	{"Callum Reid", "", "AE", north, rep, 15, -0.1, "Ana Ruiz"},
	{"Elif Demir", "", "SDR", north, rep, 5, -0.3, "Ana Ruiz"},
	{"Grace Whitfield", "", "AE", north, repCoach, 30, 1.1, "Ana Ruiz"},
	{"Hugo Lindqvist", "", "AE", north, rep, 11, -0.5, "Grace Whitfield"},
	{"Imani Brooks", "", "AE", north, rep, 19, 0.5, "Ana Ruiz"},
	{"Jakub Nowak", "", "SDR", north, rep, 3, 0.2, "Grace Whitfield"},
	{"Keira Doyle", "", "AM", north, rep, 26, 0.3, "Ana Ruiz"},
	{"Leo Bianchi", "", "AE", north, rep, 13, 0.0, "Grace Whitfield"},
	{"Maren Holt", "", "SDR", north, rep, 1, 0.0, "Grace Whitfield"},

	{"Nadia Petrova", "", "AE", south, rep, 24, 0.4, "Ben Carver"},
	{"Oskar Hansen", "", "AE", south, rep, 9, -0.2, "Ben Carver"},
	{"Paula Castro", "", "AM", south, rep, 18, 0.2, "Ben Carver"},
	{"Quentin Aubry", "", "AE", south, rep, 28, 0.0, "Tomas Lind"},
	{"Ravi Menon", "", "AE", south, rep, 12, 0.6, "Ben Carver"},
	{"Sofia Kallas", "", "SDR", south, rep, 6, 0.1, "Tomas Lind"},
	{"Theo Marchetti", "", "AE", south, rep, 16, -0.4, "Ben Carver"},
	{"Una Gallagher", "", "AE", south, rep, 8, 0.3, "Tomas Lind"},
	{"Viktor Sand", "", "SDR", south, rep, 2, -0.1, "Tomas Lind"},
	{"Wanda Osei", "", "AM", south, rep, 21, 0.5, "Ben Carver"},

	{"Yannick Faure", "", "Enterprise AE", enterprise, repCoach, 32, 0.9, "Ines Fontaine"},
	{"Zora Novak", "", "Enterprise AE", enterprise, rep, 20, 0.3, "Ines Fontaine"},
	{"Amir Haddad", "", "Enterprise AE", enterprise, rep, 14, 0.0, "Ines Fontaine"},
	{"Bettina Krause", "", "Enterprise AE", enterprise, rep, 25, 0.5, "Ines Fontaine"},
	{"Cormac Byrne", "", "Enterprise AE", enterprise, rep, 10, -0.3, "Yannick Faure"},
	{"Daria Sokol", "", "AM", enterprise, rep, 17, 0.2, "Ines Fontaine"},
	{"Emil Strand", "", "Enterprise AE", enterprise, rep, 23, 0.1, "Yannick Faure"},
	{"Farah Siddiqui", "", "AM", enterprise, rep, 4, 0.4, "Yannick Faure"},
	{"Gunnar Vik", "", "Enterprise AE", enterprise, rep, 29, -0.2, "Ines Fontaine"},
	{"Hanna Baumann", "", "SDR", enterprise, rep, 6, 0.0, "Yannick Faure"},
}

// bosses are who manages whom; a member who is not named here reports to the
// manager of their team.
var bosses = map[string]string{"Eve Marsh": "Helen Achterberg", "Tomas Lind": "Helen Achterberg", "Ines Fontaine": "Helen Achterberg",
	"Jonas Weber": "Helen Achterberg", "Sam Birch": "Helen Achterberg"}

// leads is the manager of each team.
var leads = map[string]string{sales: "Helen Achterberg", north: "Eve Marsh", south: "Tomas Lind", enterprise: "Helen Achterberg"}

// accounts are the invented customers of the demo company.
var accounts = []string{"Brannock Foods", "Lorne Packaging", "Calder Mills", "Ostrava Glass", "Pelham Clinics", "Tidewell Ferries", "Marlow & Finch",
	"Norbeck Steel", "Quayside Storage", "Redfern Schools", "Sandholm Dairy", "Thornbury Labs", "Ulverton Council", "Vantor Logistics", "Westmere Hotels",
	"Yarrow Textiles", "Zellman Tools", "Ashdown Print", "Birchall Bakeries", "Corvin Motors", "Dunmore Energy", "Eastleigh Laundry", "Fairholt Estates",
	"Glenrock Water", "Harrow & Pike", "Inverell Farms", "Juniper Care", "Kestrel Freight", "Lindal Cement", "Mossfield Seeds"}

var products = []string{"Line Watch", "Line Watch Plus", "Fleet Watch", "Site Watch"}

var segments = []string{"Manufacturing", "Services", "Public", "Logistics"}

// seconds is who else coaches the reps of a coach, so that no level rests on
// one pair of eyes. The newest have one coach only.
var seconds = map[string]string{"Ana Ruiz": "Grace Whitfield", "Grace Whitfield": "Ana Ruiz", "Ben Carver": "Tomas Lind", "Tomas Lind": "Ben Carver",
	"Ines Fontaine": "Yannick Faure", "Yannick Faure": "Ines Fontaine"}

// coaches are those of a member, the one they meet first.
func (m member) coaches() []string {
	if second := seconds[m.coach]; m.coach != "" && second != m.name && m.months > 3 {
		return []string{m.coach, second}
	}
	return []string{m.coach}
}
