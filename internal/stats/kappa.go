package stats

import "math"

// Kappa returns Cohen's kappa of two judges: what share of the agreement that
// chance leaves open they reach. table[i][j] counts, or weighs, the cases that
// the first judge put in category i and the second in j. ok is false when
// chance leaves nothing open, as when both used one category only.
//
// Cohen 1960, Educational and Psychological Measurement 20:37-46.
func Kappa(table [][]float64) (kappa float64, ok bool) {
	weights := make([][]float64, len(table))
	for i := range weights {
		weights[i] = make([]float64, len(table))
		for j := range weights[i] {
			if i != j {
				weights[i][j] = 1
			}
		}
	}
	return WeightedKappa(table, weights)
}

// WeightedKappa is Kappa with weights of disagreement: 0 on the diagonal, more
// the worse the confusion.
//
// Cohen 1968, Psychological Bulletin 70:213-220.
func WeightedKappa(table, weights [][]float64) (kappa float64, ok bool) {
	total, rows, columns := 0.0, make([]float64, len(table)), make([]float64, len(table))
	for i, row := range table {
		for j, x := range row {
			total, rows[i], columns[j] = total+x, rows[i]+x, columns[j]+x
		}
	}
	if total <= 0 {
		return 0, false
	}
	observed, expected := 0.0, 0.0
	for i, row := range table {
		for j, x := range row {
			observed += weights[i][j] * x / total
			expected += weights[i][j] * rows[i] * columns[j] / (total * total)
		}
	}
	if expected < 1e-15 {
		return 0, false
	}
	return 1 - observed/expected, true
}

// QuadraticWeights are weights of disagreement for n ordered categories that
// grow with the square of the distance.
func QuadraticWeights(n int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, n)
		for j := range out[i] {
			out[i][j] = math.Pow(float64(i-j), 2)
		}
	}
	return out
}
