# SPDX-License-Identifier: Apache-2.0
# The front door. Every target installs what it needs on a fresh Debian 12 (packaging/*-packages.txt).
JOBS ?= $(shell nproc)
BUILD := build/release
SOURCES = $(shell git ls-files 'src/*.cc' 'src/*.h' 'fuzz/*.cc' 'bench/*.cc' 'tests/*.cc' 'include/*.h' 'docs/*.cc')

.PHONY: help build run test bench check-all fmt fmt-check lint asan tsan fuzz differential install clean deps check-deps
help:
	@echo 'make run        build, then find the two boot-persistence detections in examples/'
	@echo 'make test       build and run the tests'
	@echo 'make build      leaves $(BUILD)/vedette'
	@echo 'make bench      ratios against simdjson (EVENTS=200000 SEED=1 PARTS=all RULES=folder)'
	@echo 'make check-all  tests, sanitizers, fuzzers, format and lint'
	@echo 'make fmt | lint | asan | tsan | fuzz | install | clean'

deps:
	@packaging/install-packages packaging/build-packages.txt
check-deps: deps
	@packaging/install-packages packaging/check-packages.txt

build: deps
	@cmake --preset release -DVEDETTE_TESTS=OFF -DVEDETTE_BENCH=OFF >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target vedette

run: build
	@echo
	@$(BUILD)/vedette scan examples --now 2026-02-10T03:00:00Z -f table
	@echo
	@echo 'Try next:'
	@echo '  $(BUILD)/vedette rules list'
	@echo '  $(BUILD)/vedette rules show initramfs          # the triage guide'
	@echo '  $(BUILD)/vedette scan /var/log/audit           # your own logs'
	@echo '  $(BUILD)/vedette scan examples -f ndjson | head -1   # the whole alert document'

test: deps
	@cmake --preset release -DVEDETTE_TESTS=ON -DVEDETTE_BENCH=OFF >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@tests/run-tests $(BUILD)

bench: deps
	@cmake --preset release -DVEDETTE_TESTS=OFF -DVEDETTE_BENCH=ON >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@bench/run-bench $(BUILD) --events $(or $(EVENTS),200000) --seed $(or $(SEED),1) \
	    --parts $(or $(PARTS),all) --rules "$(RULES)"

asan tsan: deps
	@cmake --preset $@ >/dev/null
	@cmake --build build/$@ -j $(JOBS)
	@tests/run-tests build/$@

FUZZ_SECONDS ?= 60
fuzz: check-deps
	@cmake --preset fuzz >/dev/null
	@cmake --build build/fuzz -j $(JOBS)
	@fuzz/run-fuzz build/fuzz $(FUZZ_SECONDS)

# A million random queries over random events: every evaluator against every other and the definition.
DIFFERENTIAL_CASES ?= 1000000
differential: deps
	@cmake --preset release -DVEDETTE_TESTS=ON -DVEDETTE_BENCH=OFF >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target engine_test
	@VEDETTE_DIFFERENTIAL_CASES=$(DIFFERENTIAL_CASES) $(BUILD)/src/engine/engine_test \
	  --gtest_filter='Differential.*'

check-all: fmt-check lint test asan tsan fuzz differential

fmt: check-deps
	@clang-format-16 -i $(SOURCES)
fmt-check: check-deps
	@clang-format-16 --dry-run --Werror $(SOURCES)
lint: check-deps
	@cmake --preset release -DVEDETTE_TESTS=ON -DVEDETTE_BENCH=OFF >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@tests/run-lint $(BUILD) $(JOBS)

install: build
	@cmake --build $(BUILD) -j $(JOBS) --target libvedette
	@cmake --install $(BUILD) --prefix $(or $(PREFIX),/usr/local)
clean:
	@rm -rf build
