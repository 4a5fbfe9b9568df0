package config

import "strings"

// settings describes every environment variable that Load reads.
var settings = []struct{ name, unset, unit, effect string }{
	{"PITCHSIDE_ADDR", "localhost:8080", "host:port", "Where the program listens. An empty host listens on every address of the machine; port 0 takes a free port."},
	{"PITCHSIDE_URL", "http:// and PITCHSIDE_ADDR", "URL without a path", "The address people type. It stands in links, and cookies are Secure exactly when it is https."},
	{"PITCHSIDE_DATA", "/var/lib/pitchside for root, else $XDG_DATA_HOME/pitchside or ~/.local/share/pitchside", "folder", "Holds the private PostgreSQL cluster and, without S3, the media. Made when missing."},
	{"DATABASE_URL", "a private cluster in the data folder", "postgres:// URL", "The database to use: PostgreSQL 15 or newer. Secret. pool_max_conns=N in it limits the connections, 20 unless given."},
	{"PITCHSIDE_S3_ENDPOINT", "none: media are kept in the data folder", "URL without a path", "The S3 server that keeps media. Needs the three settings below too."},
	{"PITCHSIDE_S3_BUCKET", "none", "bucket name", "The bucket for media. Made when missing."},
	{"PITCHSIDE_S3_ACCESS_KEY", "none", "text", "Who the program is to the S3 server."},
	{"PITCHSIDE_S3_SECRET_KEY", "none", "text", "The password that goes with it. Secret."},
	{"PITCHSIDE_SMTP_URL", "none", "smtp:// or smtps:// URL", "The mail server. Secret. This version checks it and sends no mail yet."},
	{"PITCHSIDE_LIBRARY", "none", "folder", "An extra folder of courses, scenarios and rubrics. The library is brought in line with it at every start, and from the Studio."},
}

// Help describes every setting with its default, unit and effect.
func Help() string {
	var b strings.Builder
	b.WriteString("Settings come from the environment. All are optional; a wrong value stops the start with one message that names every mistake.\n")
	for _, s := range settings {
		b.WriteString("\n" + s.name + "\n  " + s.effect + "\n  Unit: " + s.unit + "\n  Default: " + s.unset + "\n")
	}
	return b.String()
}
