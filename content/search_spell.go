package content

import (
	"cmp"
	"slices"
	"strings"
)

// corrected returns a search with each word that the library does not know in
// place of the most like one that it knows; ok is false when nothing is like it.
// leads tells whether whoever asks may know the words that are for leads.
func (s *seeker) corrected(text string, leads bool) (better string, ok bool) {
	s.mu.Lock()
	words := s.words
	s.mu.Unlock()
	better = text
	for w := range wordsIn(text) {
		if _, known := slices.BinarySearchFunc(words, w, func(k knownWord, w string) int { return cmp.Compare(k.Word, w) }); known {
			continue
		}
		like := nearest(words, w, leads)
		if like == "" {
			continue
		}
		better, ok = replaced(better, w, like), true
	}
	return better, ok
}

// replaced puts a word in the place of another, however that is capitalised.
func replaced(text, word, by string) string {
	at := strings.Index(strings.ToLower(text), word)
	if at < 0 || at+len(word) > len(text) || !strings.EqualFold(text[at:at+len(word)], word) {
		return text
	}
	return text[:at] + by + text[at+len(word):]
}

// nearest returns the word that begins with w, or is most like it: one slip of
// the fingers in a short word, two in a longer one. "" when there is none.
func nearest(words []knownWord, w string, leads bool) string {
	asked := []rune(w)
	most := 1
	if len(asked) >= 7 {
		most = 2
	}
	best, least := "", most+1
	for _, k := range words {
		if !k.Everyone && !leads {
			continue
		}
		if strings.HasPrefix(k.Word, w) { // not written to its end
			if best == "" || least > 0 || len(k.Word) < len(best) {
				best, least = k.Word, 0
			}
			continue
		}
		if least == 0 {
			continue
		}
		n := slips(asked, []rune(k.Word), least)
		if n < least || n == least && n <= most && k.Word[0] == w[0] && best != "" && best[0] != w[0] {
			best, least = k.Word, n
		}
	}
	return best
}

// slips returns how many characters have to be changed, put in, left out or
// swapped with the next to make b of a; a number above most is not exact.
func slips(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
