package performance

import (
	"strings"
	"unicode"

	"pitchside/internal/fault"
	"pitchside/people"
)

// A Kind is what the rows of an import are.
type Kind string

// The kinds of import.
const (
	PeopleKind        Kind = "people"
	OpportunitiesKind Kind = "opportunities"
)

// Kinds are the kinds that are read, in the order in which they are offered.
var Kinds = []Kind{PeopleKind, OpportunitiesKind}

// Title names the kind to a person.
func (k Kind) Title() string {
	if k == PeopleKind {
		return "People"
	}
	return "Deals"
}

// A FieldType says how the text of a cell is read.
type FieldType int

// The types of field.
const (
	TextField FieldType = iota
	DateField
	AmountField
)

// A Field is one thing that a column may hold.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Required bool
	Type     FieldType
	aliases  []string // names of columns in other systems, letters and digits only
}

var fields = map[Kind][]Field{
	PeopleKind: {
		{Name: "name", Label: "Name", Required: true, aliases: []string{"name", "fullname", "salesagent", "agent", "rep", "salesrep", "employee", "employeename", "person", "username", "displayname"}},
		{Name: "email", Label: "E-mail", Hint: "Without one a person cannot sign in until an admin adds it.", aliases: []string{"email", "emailaddress", "mail", "workemail", "useremail"}},
		{Name: "role_family", Label: "Role family", Hint: "Such as SDR, AE or AM. Without one, AE.", aliases: []string{"rolefamily", "role", "jobrole", "jobtitle", "title", "position"}},
		{Name: "hire_date", Label: "Hired on", Type: DateField, aliases: []string{"hiredate", "hired", "hiredon", "startdate", "started", "joined", "dateofhire"}},
		{Name: "region", Label: "Region", aliases: []string{"region", "regionaloffice", "territory", "office", "location"}},
		{Name: "team", Label: "Team", Hint: "A team of a new name is added.", aliases: []string{"team", "teamname", "salesteam", "regionaloffice", "office", "department"}},
		{Name: "manager", Label: "Manager", Hint: "A name or an e-mail. A manager who is not here yet is added.", aliases: []string{"manager", "managername", "manageremail", "reportsto", "supervisor", "linemanager"}},
	},
	OpportunitiesKind: {
		{Name: "external_id", Label: "Deal id", Required: true, Hint: "What makes a repeated import recognise its deals.", aliases: []string{"externalid", "opportunityid", "dealid", "recordid", "id", "opportunity18digitid", "opportunityname", "dealname"}},
		{Name: "owner", Label: "Rep", Required: true, Hint: "An e-mail, or a name as it stands here.", aliases: []string{"owneremail", "dealowneremail", "opportunityowneremail", "owner", "salesagent", "opportunityowner", "dealowner", "ownername", "rep", "salesrep", "agent", "representative"}},
		{Name: "account", Label: "Account", aliases: []string{"account", "accountname", "company", "companyname", "associatedcompany", "customer", "client"}},
		{Name: "product", Label: "Product", aliases: []string{"product", "productname", "productfamily"}},
		{Name: "stage", Label: "Stage", Required: true, aliases: []string{"stage", "dealstage", "stagename", "opportunitystage", "salesstage", "status"}},
		{Name: "outcome", Label: "Outcome", Hint: "won, lost, open or disqualified. Without such a column the stage says it.", aliases: []string{"outcome", "result", "dealoutcome"}},
		{Name: "created", Label: "Opened on", Type: DateField, aliases: []string{"created", "createddate", "createdate", "createdat", "engagedate", "opened", "opendate", "createdon"}},
		{Name: "closed", Label: "Closed on", Type: DateField, aliases: []string{"closed", "closedate", "closeddate", "closedon", "dateclosed"}},
		{Name: "amount", Label: "Amount", Type: AmountField, aliases: []string{"amount", "closevalue", "value", "dealvalue", "dealamount", "totalamount", "amountincompanycurrency", "acv", "arr"}},
		{Name: "currency", Label: "Currency", Hint: "Three letters. Without one, the company’s.", aliases: []string{"currency", "currencycode", "amountcurrency", "dealcurrency", "currencyisocode", "opportunitycurrency"}},
		{Name: "segment", Label: "Segment", aliases: []string{"segment", "sector", "industry", "market", "customersegment"}},
	},
}

// Fields returns what the columns of this kind may hold.
func (k Kind) Fields() []Field { return fields[k] }

// field returns the field of this name, or nil.
func (k Kind) field(name string) *Field {
	for i := range fields[k] {
		if fields[k][i].Name == name {
			return &fields[k][i]
		}
	}
	return nil
}

// Needs reports whether the import cannot do without this field.
func (i Import) Needs(field string) bool {
	f := i.Kind.field(field)
	return f != nil && f.Required
}

// mayImport is Invalid for a kind that is not read, and Forbidden or NotFound
// for one that the actor may not import.
func mayImport(by people.Actor, k Kind) error {
	switch {
	case !by.Can(people.Admin, people.Manager):
		return fault.NotFoundf("There is nothing here for you.")
	case k == PeopleKind && !by.Can(people.Admin):
		return fault.Forbiddenf("Only an admin imports people. Ask yours.")
	case k == "activities" || k == "quotas" || k == "forecasts" || k == "customers":
		return fault.Field("kind", "Imports of "+string(k)+" are not read yet. People and opportunities are.")
	case len(fields[k]) == 0:
		return fault.Field("kind", "Say what the rows are: people or opportunities.")
	}
	return nil
}

// guess maps each field to the column whose name says it, by the order of the
// field's aliases.
func guess(k Kind, columns []Column) map[string]string {
	by := map[string]string{}
	for _, c := range columns {
		if key := plain(c.Name); by[key] == "" {
			by[key] = c.Name
		}
	}
	mapping := map[string]string{}
	for _, f := range fields[k] {
		for _, a := range f.aliases {
			if name := by[a]; name != "" {
				mapping[f.Name] = name
				break
			}
		}
	}
	if k == PeopleKind && mapping["team"] == "" && mapping["region"] != "" {
		mapping["team"] = mapping["region"]
	}
	return mapping
}

// plain keeps the letters and digits of a column's name, in lower case.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
