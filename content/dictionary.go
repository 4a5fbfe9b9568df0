package content

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pitchside/internal/fault"
)

// Dictionary returns what each metric means: as published, and then those of
// the built-in dictionary that the published one leaves out, since the program
// shows them all the same.
func (s *Service) Dictionary(ctx context.Context) ([]Metric, error) {
	find, err := builtInDocuments()
	if err != nil {
		return nil, err
	}
	var all []Metric
	switch d, err := s.Published(ctx, KindMetrics, string(KindMetrics)); {
	case err == nil:
		all = slices.Clone(d.Metrics)
	case fault.KindOf(err) != fault.NotFound:
		return nil, err
	}
	for _, m := range find(KindMetrics, string(KindMetrics)).Metrics {
		if !slices.ContainsFunc(all, func(o Metric) bool { return o.Name == m.Name }) {
			all = append(all, m)
		}
	}
	return all, nil
}

// countedHere is the source of what the program counts in itself.
const countedHere = "Pitchside"

// Missing says why there is no number of a metric that cannot be computed yet.
func (m Metric) Missing() string {
	switch m.Source {
	case "":
		return "No number yet: nothing is there that it could be made of."
	case countedHere:
		return "No number yet: it is counted in Pitchside itself, and what it counts is not recorded yet."
	case "opportunities":
		return "No number yet: it needs more columns of the import “opportunities” than are read so far."
	}
	return fmt.Sprintf("No number yet: it is made of the import “%s”, and none is there.", strings.ReplaceAll(m.Source, ", ", "” and “"))
}

// Defined returns the definition of a metric, or NotFound.
func (s *Service) Defined(ctx context.Context, name string) (Metric, error) {
	all, err := s.Dictionary(ctx)
	if err != nil {
		return Metric{}, err
	}
	for _, m := range all {
		if m.Name == name {
			return m, nil
		}
	}
	return Metric{}, fault.NotFoundf("There is no metric %q. The list of metrics names those that there are.", name)
}
