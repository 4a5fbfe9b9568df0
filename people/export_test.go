package people

// HeldQueries returns the queries of My data, for the test that they read
// every table which names a person.
func HeldQueries() []string {
	var out []string
	for _, h := range held {
		out = append(out, h.query+" ")
	}
	return out
}
