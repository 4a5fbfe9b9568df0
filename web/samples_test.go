package web

import "maps"

// Samples: for whom each address exists.
func init() {
	maps.Copy(access, map[string]string{
		"GET /calibrate/samples":          "coach manager admin",
		"GET /calibrate/samples/:sample":  "coach manager admin",
		"POST /calibrate/samples/:sample": "coach manager admin",
	})
}
