// Package config reads the program's settings from the environment. It checks
// them all before anything starts and reports every mistake at once. It does
// not know what the settings are used for beyond what their help says.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Secret is a setting that must not appear in logs or messages.
type Secret string

// String hides the secret from every way of printing.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[redacted]"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from JSON and from structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Config is every setting, checked and with its default.
type Config struct {
	Addr        string   // host:port to listen on
	URL         *url.URL // public address: scheme and host, no path
	Data        string   // absolute path of the data folder
	DatabaseURL Secret   // empty: a private cluster in Data
	S3          S3       // zero: media are kept in Data
	SMTPURL     Secret   // empty: no mail
	Library     string   // absolute path of an extra content folder; empty: none
}

// S3 is where media are kept, unless they are kept in a folder.
type S3 struct {
	Endpoint  string // host or host:port
	TLS       bool
	Bucket    string
	AccessKey string
	SecretKey Secret
}

// Secure reports whether cookies may travel over TLS only: exactly when the
// public address is https.
func (c Config) Secure() bool { return c.URL.Scheme == "https" }

// ClusterDir is the folder of the private cluster.
func (c Config) ClusterDir() string { return filepath.Join(c.Data, "postgres") }

// MediaDir is the folder of media when no S3 is set.
func (c Config) MediaDir() string { return filepath.Join(c.Data, "media") }

// Load reads the settings through lookup, usually os.LookupEnv. An empty value
// is the same as none. The error names every mistake, one a line.
func Load(lookup func(name string) (string, bool)) (Config, error) {
	r := reader{lookup: lookup}
	var c Config
	c.Addr = r.addr()
	c.URL = r.publicURL(c.Addr)
	c.Data = r.data()
	c.DatabaseURL = Secret(r.withScheme("DATABASE_URL", "postgres", "postgresql"))
	c.S3 = r.s3()
	c.SMTPURL = Secret(r.withScheme("PITCHSIDE_SMTP_URL", "smtp", "smtps"))
	c.Library = r.library()
	if len(r.mistakes) > 0 {
		return Config{}, errors.New("these settings need correcting (`pitchside help config` describes them all):\n  " + strings.Join(r.mistakes, "\n  "))
	}
	return c, nil
}

type reader struct {
	lookup   func(string) (string, bool)
	mistakes []string
}

func (r *reader) get(name string) string {
	v, _ := r.lookup(name)
	return strings.TrimSpace(v)
}

func (r *reader) mistake(format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Sprintf(format, args...))
}

func (r *reader) addr() string {
	v := r.get("PITCHSIDE_ADDR")
	if v == "" {
		return "localhost:8080"
	}
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		r.mistake("PITCHSIDE_ADDR is %q; write host:port, such as localhost:8080, or :8080 for every address of this machine", v)
		return v
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		r.mistake("PITCHSIDE_ADDR is %q; the port must be a number from 0 to 65535", v)
	}
	return v
}

func (r *reader) publicURL(addr string) *url.URL {
	v := r.get("PITCHSIDE_URL")
	if v == "" {
		host, port, err := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
			addr = net.JoinHostPort("localhost", port)
		}
		return &url.URL{Scheme: "http", Host: addr}
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		r.mistake("PITCHSIDE_URL is %q; write the address that people type, scheme and host only, such as https://pitchside.example.com", v)
		return &url.URL{}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}
}

func (r *reader) data() string {
	v := r.get("PITCHSIDE_DATA")
	if v == "" {
		v = r.defaultData()
	}
	if v == "" {
		r.mistake("PITCHSIDE_DATA is not set and there is no home folder to put the data in; set it to a folder, such as /var/lib/pitchside")
		return ""
	}
	abs, err := filepath.Abs(v)
	if err != nil {
		r.mistake("PITCHSIDE_DATA is %q, which cannot be made an absolute path: %v", v, err)
		return ""
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		r.mistake("PITCHSIDE_DATA is %q, which is a file; name a folder", v)
	}
	return abs
}

func (r *reader) defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/pitchside"
	}
	if base := r.get("XDG_DATA_HOME"); filepath.IsAbs(base) { // relative ones are to be ignored, says their specification
		return filepath.Join(base, "pitchside")
	}
	if home := r.get("HOME"); home != "" {
		return filepath.Join(home, ".local/share/pitchside")
	}
	return ""
}

// withScheme returns a URL that may hold a password: messages do not repeat it.
func (r *reader) withScheme(name string, schemes ...string) string {
	v := r.get(name)
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil {
		r.mistake("%s is not a URL; write %s://user:password@host/… with special characters in the password percent-encoded", name, schemes[0])
		return ""
	}
	for _, s := range schemes {
		if u.Scheme == s {
			return v
		}
	}
	r.mistake("%s must begin with %s://", name, strings.Join(schemes, ":// or "))
	return ""
}

func (r *reader) s3() S3 {
	const endpoint, bucket, access, secret = "PITCHSIDE_S3_ENDPOINT", "PITCHSIDE_S3_BUCKET", "PITCHSIDE_S3_ACCESS_KEY", "PITCHSIDE_S3_SECRET_KEY"
	var set, missing []string
	for _, name := range []string{endpoint, bucket, access, secret} {
		if r.get(name) == "" {
			missing = append(missing, name)
		} else {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return S3{}
	}
	if len(missing) > 0 {
		r.mistake("%s is set but %s is not; set all four for S3, or none for a folder", strings.Join(set, ", "), strings.Join(missing, ", "))
		return S3{}
	}
	u, err := url.Parse(r.get(endpoint))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		r.mistake("%s is %q; write scheme and host, such as https://s3.example.com or http://localhost:7070", endpoint, r.get(endpoint))
		return S3{}
	}
	return S3{Endpoint: u.Host, TLS: u.Scheme == "https", Bucket: r.get(bucket), AccessKey: r.get(access), SecretKey: Secret(r.get(secret))}
}

func (r *reader) library() string {
	v := r.get("PITCHSIDE_LIBRARY")
	if v == "" {
		return ""
	}
	abs, err := filepath.Abs(v)
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(abs); err == nil && !info.IsDir() {
			err = errors.New("it is a file")
		}
	}
	if err != nil {
		r.mistake("PITCHSIDE_LIBRARY is %q, which cannot be used: %v; name a folder that exists", v, err)
	}
	return abs
}
