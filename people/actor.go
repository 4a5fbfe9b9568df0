package people

import (
	"slices"

	"github.com/jackc/pgx/v5"
)

// A Capability is something a person may do. Capabilities add up.
type Capability string

// The five capabilities. A person may hold any union of them.
const (
	Rep     Capability = "rep"     // learns, practises, is coached
	Coach   Capability = "coach"   // scores and coaches their coachees
	Manager Capability = "manager" // sees the people below them
	Author  Capability = "author"  // writes the library
	Admin   Capability = "admin"   // keeps people, imports and settings
)

// An Actor is the person on whose behalf something is done. Every read and
// write takes one, and visibility is a condition built from it.
type Actor struct {
	ID           int64
	Name         string
	Email        string
	RoleFamily   string
	TimeZone     string
	Capabilities []Capability
	Token        bool     // acts through an API token
	Scopes       []string // of that token
}

// Can reports whether the actor holds any of the capabilities.
func (a Actor) Can(any ...Capability) bool {
	return slices.ContainsFunc(any, func(c Capability) bool { return slices.Contains(a.Capabilities, c) })
}

// BringsData reports whether the actor is an admin acting through a token:
// a system that brings data over, which may write on anyone's behalf and may
// read every level and report.
func (a Actor) BringsData() bool { return a.Token && a.Can(Admin) }

// Scope returns the named arguments that the conditions of Sees use, merged
// with args.
func (a Actor) Scope(args pgx.NamedArgs) pgx.NamedArgs {
	all := pgx.NamedArgs{"actor": a.ID, "as_coach": a.Can(Coach), "as_manager": a.Can(Manager), "everyone": a.BringsData()}
	for k, v := range args {
		all[k] = v
	}
	return all
}

// Sees returns the SQL condition that the actor sees the levels, results and
// released scores of the person whose id is in column: themselves, their
// coachees, the people below them, and everyone for a system that brings data.
func Sees(column string) string {
	return "(" + column + " = @actor or @everyone" +
		" or (@as_coach and " + column + " in (select coached_by(@actor)))" +
		" or (@as_manager and " + column + " in (select managed_by(@actor))))"
}

// Leads returns the SQL condition that the actor may plan for the person in
// column (assign, schedule, set goals): their coachees and the people below
// them, but not themselves.
func Leads(column string) string {
	return "(@everyone or (@as_coach and " + column + " in (select coached_by(@actor)))" +
		" or (@as_manager and " + column + " in (select managed_by(@actor))))"
}
