#!/usr/bin/env bash
# Installs what is missing with the system's package manager, or stops and
# prints the one command that does.
#   scripts/setup.sh run    Go, PostgreSQL 15 or newer
#   scripts/setup.sh test   these, and a browser, its fonts and npm
set -euo pipefail

# The folders are those that internal/pg/cluster searches.
postgres_programs() {
  command -v postgres || true
  ls -d /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/lib/postgresql[0-9]*/bin/postgres \
    /usr/libexec/postgresql*/postgres /opt/homebrew/opt/postgresql@*/bin/postgres /usr/local/opt/postgresql@*/bin/postgres \
    /Applications/Postgres.app/Contents/Versions/*/bin/postgres /opt/local/lib/postgresql*/bin/postgres 2>/dev/null || true
}

have_postgres() {
  local program major
  while read -r program; do
    major=$("$program" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p')
    if [ -n "$major" ] && [ "$major" -ge 15 ] && [ -x "$(dirname "$(readlink -f "$program" 2>/dev/null || echo "$program")")/initdb" ]; then
      return 0
    fi
  done < <(postgres_programs)
  return 1
}

have_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
} >/dev/null

manager() {
  local m
  for m in apt-get dnf apk brew; do
    if command -v "$m" >/dev/null; then
      echo "$m"
      return
    fi
  done
}

# package MANAGER NEED prints the packages that bring NEED.
package() {
  case "$1/$2" in
    apt-get/postgres) echo postgresql ;;
    dnf/postgres) echo postgresql-server ;;
    apk/postgres) echo postgresql ;;
    brew/postgres) echo postgresql@17 ;;
    apt-get/browser) echo chromium fonts-liberation ;;
    dnf/browser) echo chromium liberation-fonts ;;
    apk/browser) echo chromium font-liberation ;;
    brew/browser) echo chromium ;;
    brew/npm) echo node ;;
    */npm) echo npm ;;
  esac
}

install_command() {
  case "$1" in
    apt-get) echo "apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $2" ;;
    dnf) echo "dnf install -y $2" ;;
    apk) echo "apk add $2" ;;
    brew) echo "brew install $2" ;;
  esac
}

missing() {
  have_postgres || echo postgres
  if [ "$1" = test ]; then
    have_browser || echo browser
    command -v npm >/dev/null || echo npm
  fi
}

main() {
  if ! command -v go >/dev/null; then
    echo "Go is missing. Install Go 1.26 or newer from https://go.dev/dl/ and start again." >&2
    exit 1
  fi
  local needs need m packages="" command prefix=""
  needs=$(missing "$1")
  if [ -z "$needs" ]; then
    return
  fi
  m=$(manager)
  if [ -z "$m" ]; then
    echo "Missing: $(echo $needs). This system has none of apt-get, dnf, apk and brew; install them in its own way and start again." >&2
    exit 1
  fi
  for need in $needs; do
    packages="$packages $(package "$m" "$need")"
  done
  command=$(install_command "$m" "${packages# }")
  if [ "$m" != brew ] && [ "$(id -u)" != 0 ]; then
    prefix="sudo "
    if ! sudo -n true 2>/dev/null; then
      echo "Missing: $(echo $needs). Run this once, then start again:" >&2
      echo "    sudo $command" >&2
      exit 1
    fi
  fi
  echo "Installing$packages"
  if [ "$m" = apt-get ]; then
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq update
    command="env DEBIAN_FRONTEND=noninteractive $command -qq"
  fi
  # shellcheck disable=SC2086 # the words are to be split
  if ! $prefix $command; then
    echo "That did not work. Run this by hand, then start again:" >&2
    echo "    $prefix$command" >&2
    exit 1
  fi
  if [ -n "$(missing "$1")" ]; then
    echo "Still missing after installing$packages: $(missing "$1" | tr '\n' ' ')" >&2
    echo "PostgreSQL must be version 15 or newer; https://www.postgresql.org/download/ has packages for older systems." >&2
    exit 1
  fi
}

main "${1:-run}"
