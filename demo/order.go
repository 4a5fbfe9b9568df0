package demo

import (
	"iter"
	"maps"
	"slices"
)

// ordered ranges over a map in the order of its keys, so that the same company
// is made each time.
func ordered[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
