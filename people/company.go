package people

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Company is the settings that hold for everybody.
type Company struct {
	Name          string
	Currency      string // three capital letters, ISO 4217
	TimeZone      string // IANA name
	RetentionDays int    // how long recordings are kept
	DisputeDays   int    // how long a score can be disputed
	PolicyText    string // printed on every scorecard
	Version       int
	UpdatedAt     time.Time
}

// Company returns the settings.
func (s *Service) Company(ctx context.Context) (Company, error) {
	return company(ctx, s.DB)
}

func company(ctx context.Context, q pg.Querier) (Company, error) {
	return pg.One[Company](ctx, q, `select name, currency, time_zone, retention_days, dispute_days, policy_text, version, updated_at from company`)
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// SaveCompany writes the settings, if c.Version is the one that is saved now
// (else Stale, with the saved ones).
func (s *Service) SaveCompany(ctx context.Context, by Actor, c Company) error {
	if !by.Can(Admin) {
		return fault.NotFoundf("There is nothing here for you.")
	}
	c.Name, c.PolicyText = strings.TrimSpace(c.Name), strings.TrimSpace(c.PolicyText)
	wrong := map[string]string{}
	if c.Name == "" || len([]rune(c.Name)) > 100 {
		wrong["name"] = "Give a name of at most 100 characters."
	}
	if !currencyCode.MatchString(c.Currency) {
		wrong["currency"] = "Give a currency by its three letters, such as EUR."
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		wrong["time_zone"] = "Give a time zone by its name, such as Europe/Lisbon."
	}
	if c.RetentionDays < 1 || c.RetentionDays > 3650 {
		wrong["retention_days"] = "Give a number of days from 1 to 3650."
	}
	if c.DisputeDays < 1 || c.DisputeDays > 365 {
		wrong["dispute_days"] = "Give a number of days from 1 to 365."
	}
	if c.PolicyText == "" || len([]rune(c.PolicyText)) > 500 {
		wrong["policy_text"] = "Say in at most 500 characters what scores are used for; every scorecard prints it."
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		was, err := company(ctx, tx)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update company set name = @name, currency = @currency, time_zone = @zone, retention_days = @retention,
			dispute_days = @dispute, policy_text = @policy, version = version + 1, updated_at = now() where version = @version`,
			pgx.NamedArgs{"name": c.Name, "currency": c.Currency, "zone": c.TimeZone, "retention": c.RetentionDays,
				"dispute": c.DisputeDays, "policy": c.PolicyText, "version": c.Version})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return &fault.Error{Kind: fault.Stale, Message: "Somebody saved these settings while you were editing. Look at what is saved now, then save yours again.", Theirs: was.summary()}
		}
		return Audit(ctx, tx, by, "settings changed", nil, "company", map[string]any{"before": was.detail(), "after": c.detail()})
	})
	s.line.forget()
	return err
}

func (c Company) detail() map[string]any {
	return map[string]any{"name": c.Name, "currency": c.Currency, "time_zone": c.TimeZone, "retention_days": c.RetentionDays,
		"dispute_days": c.DisputeDays, "policy_text": c.PolicyText}
}

func (c Company) summary() string {
	return strings.Join([]string{"Name: " + c.Name, "Currency: " + c.Currency, "Time zone: " + c.TimeZone,
		"Recordings are kept for " + strconv.Itoa(c.RetentionDays) + " days", "Scores can be disputed for " + strconv.Itoa(c.DisputeDays) + " days",
		fmt.Sprintf("Policy: %s", c.PolicyText)}, "\n")
}

// companyLine remembers for a few seconds what stands on every page.
type companyLine struct {
	mu           sync.Mutex
	name, policy string
	until        time.Time
}

func (l *companyLine) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = time.Time{}
}

// CompanyLine returns the company's name and its policy text, which stand on
// every page; they may be five seconds old. A page is shown even when they
// cannot be read.
func (s *Service) CompanyLine(ctx context.Context) (name, policy string) {
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	now := time.Now()
	if now.Before(s.line.until) {
		return s.line.name, s.line.policy
	}
	c, err := s.Company(ctx)
	if err != nil {
		if s.line.name == "" {
			return "your company", ""
		}
		return s.line.name, s.line.policy
	}
	s.line.name, s.line.policy, s.line.until = c.Name, c.PolicyText, now.Add(5*time.Second)
	return c.Name, c.PolicyText
}
