#!/usr/bin/env bash
# Fetches the pinned accessibility checker into .tools/axe-core, for tests only.
set -euo pipefail
cd "$(dirname "$0")/.."

version=4.14.1
sum=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745

sum_of() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

mkdir -p .tools/axe-core
work=$(mktemp -d .tools/fetch-XXXXXX)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "axe-core@$version" >/dev/null
file="$work/axe-core-$version.tgz"
if [ "$(sum_of "$file")" != "$sum" ]; then
  echo "axe-core-$version.tgz is not the file that is expected (sha256 $sum)." >&2
  exit 1
fi
tar -xzf "$file" -C "$work" package/axe.min.js package/LICENSE
mv "$work/package/LICENSE" .tools/axe-core/LICENSE
touch "$work/package/axe.min.js" # newer than this script, for make
mv "$work/package/axe.min.js" .tools/axe-core/axe.min.js
