// Package migrations holds the schema, one numbered file a step, forward only.
package migrations

import "embed"

// FS holds the numbered SQL files.
//
//go:embed *.sql
var FS embed.FS
