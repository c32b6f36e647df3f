# Two commands do everything: `make demo` and `make test`.

LISTEN ?= 127.0.0.1:8080

.PHONY: demo test browser-test check bench fuzz

# Installs what is missing, builds, loads samples/ into a fresh folder and serves it.
demo:
	scripts/setup
	cargo build --package recoup
	target/debug/recoup demo --listen $(LISTEN)

# The same set-up, then every test: units, journeys on both databases, the browser.
test:
	scripts/setup test
	cargo build --package recoup
	cargo test --workspace --no-fail-fast -- --test-threads=2
	$(MAKE) browser-test

browser-test:
	cd tests/browser && npm ci --no-audit --no-fund --silent
	tests/browser/run

# Every reader under cargo-fuzz, SECONDS each, then over mutations of the corpus from a fixed seed, ROUNDS a file, recognition included.
SECONDS ?= 60
ROUNDS ?= 40
fuzz:
	scripts/setup test
	scripts/fuzz $(SECONDS)
	RECOUP_FUZZ_ROUNDS=$(ROUNDS) cargo test --package recoup-extractors --test mutations -- --nocapture

# Style and lints.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

bench:
	scripts/setup test
	cargo build --release --package recoup
	target/release/recoup bench all
