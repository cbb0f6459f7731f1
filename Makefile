# What a newcomer types. Meson does the work: see meson.build.

BUILD ?= build
SANITIZED = build-sanitized
CLANG = build-clang
PREFIX ?= /usr/local

.PHONY: all demo demo-field check check-slow lint bench format install clean bootstrap

all: bootstrap
	@scripts/setup $(BUILD)
	@ninja -C $(BUILD) --quiet

bootstrap:
	@scripts/bootstrap build

demo: all
	@scripts/demo $(BUILD)

demo-field: all
	@scripts/demo-field $(BUILD)

check:
	@scripts/bootstrap build test
	@scripts/check $(BUILD) $(SANITIZED)

check-slow: all
	@ninja -C $(BUILD) check-slow check-slow-power check-slow-reading-errors

lint:
	@scripts/bootstrap build lint
	@scripts/lint $(BUILD) $(CLANG)

bench: all
	@bench/run $(BUILD)

format:
	@scripts/format

install: all
	@meson configure $(BUILD) --prefix $(PREFIX)
	@meson install -C $(BUILD)

clean:
	rm -rf $(BUILD) $(SANITIZED) $(CLANG) demo demo-field
