package content

import (
	"bytes"
	"encoding/json"
	"strings"

	"pitchside/internal/fault"
)

// MostAnswer is how many bytes an answer may have.
const MostAnswer = 64 << 10

// CleanAnswer returns an answer as it can be kept: one JSON value of valid
// text without NUL. What is no JSON, or too long, is Invalid.
func CleanAnswer(answer json.RawMessage) (json.RawMessage, error) {
	if len(answer) > MostAnswer {
		return nil, fault.Field("answer", "This answer is too long: at most 64 KB.")
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, fault.Field("answer", "The answer cannot be read. Send one JSON value.")
	}
	return json.Marshal(withoutNUL(v))
}

func withoutNUL(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "")
	case []any:
		for i := range v {
			v[i] = withoutNUL(v[i])
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[strings.ReplaceAll(k, "\x00", "")] = withoutNUL(x)
		}
		return out
	}
	return v
}
