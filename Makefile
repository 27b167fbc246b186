# The daily commands. `make help` lists them.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

FUZZTIME ?= 1m
BENCH    ?= .
ARGS     ?=
PKGS     ?= ./...

# A source archive without .git builds as well as a clone.
GO_BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false
# One tests' binary at a time starts servers of its own: the limit is for a slow machine.
# Tests wait for disks and clocks more than they reckon: three packages run at a time.
# SQLite's C, translated to Go, keeps its data out of the race detector's sight: to
# watch it anyway doubles the time of a test. The package around it is watched.
GO_TEST  := CGO_ENABLED=1 go test -race -gcflags=modernc.org/sqlite/lib=-race=false -buildvcs=false -p 3 -timeout 15m

WALKS := TestWhoSeesWhat|TestTheTableDecides|TestNothingIsLeftOverOfWhoHasGone|TestAnyOrderAndRepetitionOfDeliveriesEndsInTheSameState|TestEachRecordedHistoryIsThatOfTheRegister

LINTER := bin/golangci-lint
VULN   := bin/govulncheck
BUNDLE := web/dist/app/index.html

.PHONY: help demo test test-go test-walks test-web test-e2e soak check check-generate check-format check-lint check-paths check-vulnerabilities generate bench fuzz test-deps build web clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## Start the whole system with a world to play in (ARGS="--addr 127.0.0.1:8080 --data DIR")
	bin/smista demo $(ARGS)

build: $(BUNDLE) ## Build bin/smista, the one program
	$(GO_BUILD) -o bin/smista ./cmd/smista

test: test-web test-e2e test-go test-walks ## Run all tests, with the race detector; what was skipped is listed at the end

test-go: $(BUNDLE)
	go test -C tools -buildvcs=false ./testreport
	$(GO_TEST) -json $(PKGS) | go run -C tools ./testreport

# Tests that try everything, one after the other, or measure memory: they have no
# races to find, and the detector, which makes them ten times as long, leaves them
# out (//go:build !race). Of the histories it watches three; nine more are recorded here.
test-walks: $(BUNDLE)
	SMISTA_HISTORIES=9 go test -buildvcs=false -timeout 15m -run '^($(WALKS))$$' -json ./server ./casework ./desk ./cmd/smista | go run -C tools ./testreport

test-web: web/node_modules/.package-lock.json
	cd web && npm test

# The client in a real browser, against a demo of its own. The program is built as the
# tests are, without the race detector: most of it is compiled by then.
test-e2e: $(BUNDLE)
	go build -buildvcs=false -o bin/smista-tested ./cmd/smista
	cd web && SMISTA_PROGRAM=$(CURDIR)/bin/smista-tested npm run e2e

soak: $(BUNDLE) ## Record 200 histories of instances, Redis, database and sockets that fail (SMISTA_SEED= replays)
	SMISTA_REQUIRE_SERVERS=1 SMISTA_HISTORIES=$${SMISTA_HISTORIES:-200} go test -buildvcs=false -count=1 -v -timeout 3h -run '^TestEachRecordedHistory' ./cmd/smista

check: check-format check-paths check-generate check-lint check-vulnerabilities ## Check formatting, generated code, imports, lint and known vulnerabilities

check-format:
	@files=$$(gofmt -l $$(git ls-files '*.go')); \
	if [[ -n $$files ]]; then printf 'gofmt -w these files:\n%s\n' "$$files"; exit 1; fi

# A path of one person's machine has no business in the repository.
check-paths:
	@if git grep -nIE '(^|[^[:alnum:]._-])/(home|root|Users|wor[k])/[[:alnum:]]' -- . ':!go.sum' ':!tools/go.sum'; then \
		echo 'These lines name a path of one machine.'; exit 1; fi

check-generate:
	@state() { git diff HEAD; git ls-files --others --exclude-standard -z | xargs -0r sha256sum; }; \
	before=$$(state | sha256sum); $(MAKE) --no-print-directory generate; \
	if [[ $$before != $$(state | sha256sum) ]]; then \
		git status --short; echo 'Generated files were not up to date: commit what `make generate` wrote.'; exit 1; fi

check-lint: $(LINTER)
	$(LINTER) run

check-vulnerabilities: $(VULN)
	@.ci/vulnerabilities $(VULN)

generate: ## Write all generated code again
	go generate ./...

# The folders with a test function whose name begins so.
with = $$(grep -rlE '^func $(1)' --include='*_test.go' --exclude-dir=node_modules . | xargs -rn1 dirname | sort -u)

bench: ## Print speed and memory as ratios within one run (BENCH=pattern)
	CGO_ENABLED=0 go test -buildvcs=false -run '^$$' -bench '$(BENCH)' -benchmem -timeout 30m $(call with,Benchmark) | grep -v '^PASS$$'

# Without the limit on making inputs smaller, Go spends the minute on the first one.
fuzz: ## Run every fuzz target for a minute (FUZZTIME=1m)
	@for dir in $(call with,Fuzz); do \
		for target in $$(go test -buildvcs=false -list '^Fuzz' "$$dir" | grep '^Fuzz'); do \
			echo "== $$dir $$target"; \
			go test -buildvcs=false -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x "$$dir"; \
		done; \
	done

test-deps: ## Install the servers that tests start (Debian, as root)
	.ci/test-deps

web: $(BUNDLE) ## Build the pages served by the program

$(BUNDLE): web/node_modules/.package-lock.json $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f ! -name '*.go' -print 2>/dev/null)
	cd web && npm run build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci
	@touch $@

$(LINTER): tools/go.mod
	go build -C tools -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(VULN): tools/go.mod
	go build -C tools -o ../$@ golang.org/x/vuln/cmd/govulncheck

clean: ## Remove what was built
	rm -rf bin web/dist/app web/node_modules
