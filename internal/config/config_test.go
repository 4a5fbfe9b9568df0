package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pitchside/internal/config"
)

func env(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := pairs[name]
		return v, ok
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := config.Load(env(map[string]string{"HOME": "/home/ann"}))
	if err != nil {
		t.Fatal(err)
	}
	data := "/home/ann/.local/share/pitchside"
	if os.Geteuid() == 0 {
		data = "/var/lib/pitchside"
	}
	if c.Addr != "localhost:8080" || c.URL.String() != "http://localhost:8080" || c.Data != data || c.Secure() {
		t.Errorf("got %+v", c)
	}
}

func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr, url, want string
		secure          bool
	}{
		{":9000", "", "http://localhost:9000", false},
		{"0.0.0.0:9000", "", "http://localhost:9000", false},
		{"[::1]:9000", "", "http://[::1]:9000", false},
		{":9000", "https://train.example.com/", "https://train.example.com", true},
		{":9000", "http://train.example.com:81", "http://train.example.com:81", false},
	} {
		got, err := config.Load(env(map[string]string{"HOME": "/h", "PITCHSIDE_ADDR": c.addr, "PITCHSIDE_URL": c.url}))
		if err != nil {
			t.Error(err)
			continue
		}
		if got.URL.String() != c.want || got.Secure() != c.secure {
			t.Errorf("%s %s: got %s, secure %v", c.addr, c.url, got.URL, got.Secure())
		}
	}
}

func TestEveryMistakeAtOnceAndNoSecret(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(env(map[string]string{
		"PITCHSIDE_ADDR": "8080", "PITCHSIDE_URL": "train.example.com", "PITCHSIDE_DATA": file,
		"DATABASE_URL": "mysql://u:hush@h/d", "PITCHSIDE_S3_SECRET_KEY": "hush",
		"PITCHSIDE_SMTP_URL": "smtp://u:hush%@h", "PITCHSIDE_LIBRARY": file,
	}))
	if err == nil {
		t.Fatal("no mistake was found")
	}
	for _, name := range []string{"PITCHSIDE_ADDR", "PITCHSIDE_URL", "PITCHSIDE_DATA", "DATABASE_URL", "PITCHSIDE_S3_ENDPOINT", "PITCHSIDE_SMTP_URL", "PITCHSIDE_LIBRARY"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret is shown in:\n%v", err)
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	c, err := config.Load(env(map[string]string{
		"HOME": "/h", "DATABASE_URL": "postgres://u:hush@h/d", "PITCHSIDE_S3_ENDPOINT": "http://localhost:7070",
		"PITCHSIDE_S3_BUCKET": "b", "PITCHSIDE_S3_ACCESS_KEY": "a", "PITCHSIDE_S3_SECRET_KEY": "hush",
	}))
	if err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%v %+v %#v %s", c, c, c, j)
	if strings.Contains(printed, "hush") || !strings.Contains(printed, "[redacted]") {
		t.Error(printed)
	}
	if c.S3.SecretKey.Reveal() != "hush" || c.S3.Endpoint != "localhost:7070" || c.S3.TLS {
		t.Errorf("got %+v", c.S3)
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	_, err := config.Load(func(name string) (string, bool) {
		asked[name] = true
		return "", false
	})
	_ = err // without a home folder there is a mistake, for an ordinary user
	for name := range asked {
		if name != "HOME" && name != "XDG_DATA_HOME" && !strings.Contains(config.Help(), "\n"+name+"\n") {
			t.Errorf("%s is read but not described", name)
		}
	}
}
