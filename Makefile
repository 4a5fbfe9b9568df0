# make run    everything needed, then the demo at http://localhost:8080
# make test   everything needed, then every test
# make bench  pages beside a bare handler, on one machine in one run
# make lint   staticcheck

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo development)

# A source tree that belongs to somebody else has no revision to stamp.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

.PHONY: run build test check bench lint tools

run:
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory build
	@exec bin/pitchside serve --demo

build:
	go build -ldflags '-X main.version=$(VERSION)' -o bin/pitchside ./cmd/pitchside

test:
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory tools check
	go run ./internal/cmd/testpg -- go test -timeout 12m ./...

check:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt -w these files:"; echo "$$unformatted"; exit 1; fi
	go vet ./...

bench:
	@scripts/setup.sh run
	go run ./internal/cmd/testpg -- go test -run '^$$' -bench Pages -benchtime 1x ./cmd/pitchside

lint: .tools/bin/staticcheck
	.tools/bin/staticcheck ./...

# What the tests need and the program does not: a real S3 server, and the
# accessibility checker that runs in the browser.
tools: .tools/bin/versitygw .tools/axe-core/axe.min.js

.tools/bin/versitygw: tools/go.mod tools/go.sum
	go -C tools build -o ../$@ github.com/versity/versitygw/cmd/versitygw

.tools/bin/staticcheck: tools/go.mod tools/go.sum
	go -C tools build -o ../$@ honnef.co/go/tools/cmd/staticcheck

.tools/axe-core/axe.min.js: scripts/axe-core.sh
	scripts/axe-core.sh
