# GridClear - `make help` lists the targets.
#
# `make`, `make demo` and `make test` do all of their own set-up on a fresh Debian machine.
# Nothing below asks pkg-config or the compiler anything before that set-up has run.
# Variants (VARIANT=release|debug|asan|cov|fuzz) and compilers have folders of their own.

VARIANT ?= release
ifeq ($(origin CC),default)
CC      := gcc
endif
CLANG   := $(if $(findstring clang,$(notdir $(firstword $(CC)))),clang-)
B       := build/$(CLANG)$(VARIANT)
Q       := $(if $(V),,@)
PREFIX  ?= /usr/local
VERSION := $(file <VERSION)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
FUZZ_SECONDS ?= 10

# As many jobs as processors unless -j says otherwise.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

OPT_release := -O2 -g -DNDEBUG
OPT_debug   := -O0 -g3
OPT_asan    := -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined \
               $(if $(CLANG),,-Wno-format-truncation) # sanitizers hide ranges from gcc
OPT_fuzz    := $(OPT_asan) -fsanitize=fuzzer-no-link
OPT_cov     := -O0 -g3 --coverage

# Warnings are errors in a checkout, never in a release tarball.
WARN := $(if $(wildcard .git),-Werror) -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
        -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wvla -Wundef \
        -Wformat=2 -fno-common
# clang sees a promotion in the C library's own NAN and INFINITY; gcc looks for the rest.
WARN += $(if $(CLANG),,-Wdouble-promotion)

# Expanded in recipes only, hence after the set-up; each asks pkg-config once.
PKGS  := hdf5 openblas yaml-0.1
LIBS   = $(eval LIBS := -Wl,--as-needed -lhdf5_hl $(shell pkg-config --libs $(PKGS)) \
           -lcholmod -lglpk -lcsv -lz -lm)$(LIBS)
INCS   = $(eval INCS := -isystem /usr/include/suitesparse $(patsubst -I%,-isystem %,\
           $(shell pkg-config --cflags-only-I $(PKGS))))$(INCS)
# The program carries HDF5 in itself where its archive needs nothing more: the shared library
# of Debian brings curl, LDAP and Kerberos with it, 12 of the 20 ms in which a command starts.
ARCHIVE  = $(patsubst -L%,%/libhdf5,$(firstword $(shell pkg-config --libs-only-L hdf5)))
HDF5_A   = $(ARCHIVE)_hl.a $(ARCHIVE).a -lsz -lz -lm -ldl
APP_LIBS = $(eval APP_LIBS := $(shell echo 'int H5open(void); int main(void) { H5open(); }' | \
             $(CC) -x c - -x none -o $(B)/hdf5-archive $(HDF5_A) 2>/dev/null && echo '$(HDF5_A)') \
             $(LIBS))$(APP_LIBS)
ALL_CFLAGS  = -std=c11 -D_POSIX_C_SOURCE=200809L -I. $(INCS) $(WARN) $(OPT_$(VARIANT)) \
              -ffp-contract=off $(CFLAGS)
ALL_LDFLAGS = $(OPT_$(VARIANT)) $(LDFLAGS)

SRC     := $(filter-out sim/app/main.c,$(wildcard sim/*/*.c solver/*.c solver/*/*.c results/*.c \
             results/*/*.c))
LIB     := $(B)/libgridclear.a
BIN     := $(B)/gridclear
SUPPORT := $(patsubst %.c,$(B)/%.o,$(wildcard tests/support/*.c tests/oracle/*.c))
binaries = $(patsubst %.c,$(B)/%,$(wildcard $(1)))
UNIT    := $(call binaries,tests/unit/test_*.c)
LAWS    := $(call binaries,tests/property/prop_*.c)
CASES_  := $(call binaries,tests/oracle_cases/case_*.c)
DAMAGE  := $(call binaries,tests/damage/damage_*.c)
BENCH   := $(call binaries,bench/*.c)
FUZZ    := $(call binaries,tests/fuzz/fuzz_*.c)
named = $(filter %/test_$(1) %/prop_$(1) %/case_$(1) %/damage_$(1),$(TESTS))
TESTS   := $(UNIT) $(LAWS) $(CASES_) $(DAMAGE)
# Valgrind is some 30 times slower: the readers and the foundations only.
MEMCHECK := $(call binaries,$(addprefix tests/unit/test_,arena.c calendar.c csv_table.c \
              err.c mem.c number.c options.c scenario_yaml.c source.c str_index.c))

say  = @printf '  %-5s %s\n' $(1) $(2)
RUN  = GRIDCLEAR=$(CURDIR)/$(BIN) tests/run.sh $(B)
MAKE_TESTS = $(MAKE) --no-print-directory -k

.PHONY: all deps build-tests test test-% golden golden-update cli bench-test python-test \
        report-test damage demo large-test \
        asan valgrind check-gates lint tidy format fuzz coverage bench check install \
        install-python install-test deb uninstall dist clean help
.SECONDARY:

## all: the program, build/gridclear (default)
all: $(if $(filter build/release,$(B)),build/gridclear,$(BIN))

# ---- set-up: does something only when a package is missing -------------------------------
## deps: install everything that building, testing and checking need (Debian packages)
deps: build/.deps-check

build/.deps: tests/setup/deps.sh tests/setup/packages.txt
	$(Q)tests/setup/deps.sh build && mkdir -p build && touch $@
build/.deps-test build/.deps-check: build/.deps-%: build/.deps
	$(Q)tests/setup/deps.sh $* && touch $@

# ---- build -------------------------------------------------------------------------------
build/gridclear: $(BIN)
	$(Q)cp $< $@.new && mv $@.new $@

$(B)/%.o: %.c Makefile | build/.deps
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(patsubst %.c,$(B)/%.o,$(wildcard tests/*/*.c)): | build/.deps-test

$(B)/sim/app/version.o: CFLAGS += -DGRIDCLEAR_VERSION='"$(VERSION)"' \
                                  -DGRIDCLEAR_COMMIT='"$(COMMIT)"'
$(B)/sim/app/version.o: VERSION $(wildcard $(shell git rev-parse --git-path logs/HEAD 2>/dev/null))

# D3 comes from Debian's libjs-d3 and is nowhere in the repository: it goes into an object as
# it is, with its licence and with the sources of the report's own page.
D3_JS      ?= /usr/share/javascript/d3/d3.min.js
D3_LICENCE ?= /usr/share/doc/libjs-d3/copyright
ASSETS     := $(B)/results/report/assets.o

$(D3_JS) $(D3_LICENCE): | build/.deps
	@[ -f $@ ] || { echo "$@ is missing: install libjs-d3, or say where D3 version 3 and" \
	    "its licence are: make D3_JS=... D3_LICENCE=..." >&2; exit 1; }

$(ASSETS): results/report/assets.S $(wildcard results/report/*.css results/report/*.js) \
           $(D3_JS) $(D3_LICENCE) Makefile | build/.deps
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D) && $(CC) -DD3_JS='"$(D3_JS)"' -DD3_LICENCE='"$(D3_LICENCE)"' -c $< -o $@

$(LIB): $(SRC:%.c=$(B)/%.o) $(ASSETS)
	$(call say,AR,$@)
	$(Q)rm -f $@.new && $(AR) rcs $@.new $^ && mv $@.new $@

$(BIN): $(B)/sim/app/main.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -o $@ $(APP_LIBS)

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -o $@ -lcriterion $(LIBS)

$(B)/tests/fuzz/fuzz_scenario $(B)/tests/fuzz/fuzz_override: $(B)/tests/support/scenario_files.o \
                                $(B)/tests/support/market_check.o

$(B)/tests/fuzz/fuzz_commit: $(B)/tests/support/commit_case_check.o

$(FUZZ): $(B)/%: $(B)/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer $(filter %.o,$^) $(LIB) -o $@ $(LIBS)

# The twin sees each problem before the solver does: see full_form.c.
$(B)/bench/full_form: ALL_LDFLAGS += -Wl,--wrap=dispatch_solve

$(BENCH): $(B)/%: $(B)/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -o $@ $(LIBS)

-include $(shell find $(B) -type f -name '*.d' 2>/dev/null)

build-tests: $(BIN) $(TESTS) $(BENCH)

# ---- use ---------------------------------------------------------------------------------
## demo: a day of a Californian spring, cleared and settled
demo: all
	@build/gridclear run scenarios/duck-curve -o build/duck-curve.h5 --chart

# ---- tests: every one of them runs, even if one fails; the last line is the sum ----------
## test: unit, property, oracle, damage, golden, command-line and bench tests
test: build/.deps-test
	+@mkdir -p $(B) && echo "building the tests" && \
	    { $(MAKE_TESTS) build-tests >$(B)/build.log 2>&1 || cat $(B)/build.log; }
	@$(RUN) plain $(TESTS) tests/golden/run.sh tests/cli/run.sh tests/bench/run.sh

## test-NAME: one file of tests, for example make test-calendar
test-%: build/.deps-test
	$(if $(call named,$*),,$(error no test is called '$*'; expected NAME of \
	    tests/unit/test_NAME.c, or prop_NAME, case_NAME, damage_NAME beside it))
	+@$(MAKE_TESTS) $(call named,$*)
	@$(RUN) plain $(call named,$*)

## large-test: published networks of thousands of buses, committed to 0.1 % (minutes)
large-test: build/.deps-test
	+@$(MAKE_TESTS) $(B)/tests/oracle_cases/case_commit_large
	@LARGE=1 $(RUN) plain $(B)/tests/oracle_cases/case_commit_large

## golden: scenarios/* against their expected/
golden: $(BIN) build/.deps-test
	@$(RUN) plain tests/golden/run.sh

## golden-update: rewrite scenarios/NAME/expected, show the difference (NAME= [TABLES=])
golden-update: $(BIN)
	@GRIDCLEAR=$(CURDIR)/$(BIN) tests/golden/update.sh "$(NAME)" $(TABLES)

## cli: help texts, messages and exit statuses
cli: $(BIN) build/.deps-test
	@$(RUN) plain tests/cli/run.sh

## bench-test: the measuring tools work, and the twins agree; no time is asserted
bench-test: $(BIN) $(BENCH) build/.deps-test
	@$(RUN) plain tests/bench/run.sh

## python-test: the Python package: pytest, its tutorial, mypy, an installed copy
python-test: $(BIN) build/.deps-check
	@$(RUN) plain tests/python/run.sh

## report-test: reports in a headless Chromium; skipped where there is none, but not in CI
report-test: $(BIN) build/.deps-check
	@$(RUN) plain tests/report/run.sh

## damage: every field of every input file spoiled in turn
damage: build/.deps-test
	+@$(MAKE_TESTS) $(DAMAGE)
	@$(RUN) plain $(DAMAGE)

## asan: the tests under ASan, UBSan and LSan; any report is a failure
asan: build/.deps-test
	+@$(MAKE_TESTS) VARIANT=asan asan-run

asan-run: $(BIN) $(UNIT) $(LAWS) $(DAMAGE)
	@$(RUN) asan $(UNIT) $(LAWS) $(DAMAGE) tests/cli/run.sh

## valgrind: unit tests of the readers and foundations under memcheck
valgrind: build/.deps-check
	+@$(MAKE_TESTS) VARIANT=debug valgrind-run

valgrind-run: $(MEMCHECK)
	@$(RUN) valgrind $(MEMCHECK)

## check-gates: plant a leak and wrong expectations; every gate must notice
check-gates: build/.deps-check
	+@$(MAKE_TESTS) VARIANT=asan build/asan/tests/gates/planted_leak
	+@$(MAKE_TESTS) VARIANT=debug build/debug/tests/gates/planted_leak build/debug/gridclear
	@tests/gates/run.sh

## fuzz: every tests/fuzz/fuzz_*.c for FUZZ_SECONDS each (default 10)
fuzz: build/.deps-check
	+@$(MAKE_TESTS) CC=clang VARIANT=fuzz fuzz-run

fuzz-run: $(FUZZ)
	@tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ)

## coverage: lines and branches run by the tests, per source file
coverage: build/.deps-test
	+@$(MAKE_TESTS) VARIANT=cov coverage-run

coverage-run: build-tests
	@find $(B) -name '*.gcda' -delete
	@$(RUN) plain $(TESTS) tests/golden/run.sh tests/cli/run.sh
	@tests/lint/coverage.sh $(B) $(SRC)

# ---- gates on the source ------------------------------------------------------------------
## lint: layers, foreign headers, stand-alone headers, banned calls, length, format
lint: build/.deps
	@CC="$(CC)" CFLAGS="-std=c11 -D_POSIX_C_SOURCE=200809L -I. $(INCS) $(WARN)" \
	    tests/lint/run.sh

## tidy: clang-tidy over the program
tidy: build/.deps-check
	@clang-tidy --quiet $(SRC) sim/app/main.c -- -std=c11 -D_POSIX_C_SOURCE=200809L \
	    -I. $(INCS) -DGRIDCLEAR_VERSION='""' -DGRIDCLEAR_COMMIT='""'

## format: rewrite the source with clang-format 14
format: build/.deps-check
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h' 'results/report/*.js')

## bench: print the table of measurements (CASES= ROWS= RUNS= and more: bench/README.md)
BENCH_SETTINGS := CASES ROWS RUNS COMMIT_SECONDS TWIN_SECONDS TWIN_METHOD BENCH_SYNTH BASE PEERS MATPOWER
bench: export PYTHONDONTWRITEBYTECODE := 1
bench: all $(BENCH) build/.deps-check
	@$(foreach v,$(BENCH_SETTINGS),$(v)='$($(v))') bench/measure.py $(B)

## check: exactly what CI runs: lint, gcc, clang, test, asan, valgrind, gates, fuzz
check: build/.deps-check
	+@MAKE="$(MAKE)" FUZZ_SECONDS=$(FUZZ_SECONDS) tests/check.sh

# ---- packaging ---------------------------------------------------------------------------
# Manual pages and completion come from the program's own tables.
MAN_STAMP := build/man/.made
$(MAN_STAMP): build/gridclear
	$(Q)rm -rf build/man && mkdir -p build/man && cd build/man && \
	    for page in $$(../gridclear help --man); do \
	        ../gridclear help --man $$page >$$page || exit; \
	    done && for shell in bash zsh fish; do \
	        ../gridclear help --completion $$shell >completion.$$shell || exit; \
	    done && touch .made

DATA    = $(DESTDIR)$(PREFIX)/share
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
PYTHON ?= python3
PYTHONDIR ?= $(shell $(PYTHON) -c 'import site; print(site.getsitepackages()[0])')

# Markets to run, without what tests compare and what must be refused.
EXAMPLES = $(shell find scenarios -type f ! -path '*/expected/*' ! -path 'scenarios/bad-*')

## install: program, manual pages, completion and scenarios into PREFIX (/usr/local), under DESTDIR
install: all $(MAN_STAMP)
	$(Q)install -D -m 755 build/gridclear $(DESTDIR)$(PREFIX)/bin/gridclear
	$(Q)install -D -m 644 -t $(DATA)/doc/gridclear LICENSE $(wildcard *.md)
	$(Q)install -D -m 644 -t $(DATA)/man/man1 build/man/*.1
	$(Q)install -D -m 644 -t $(DATA)/man/man5 build/man/*.5
	$(Q)install -D -m 644 build/man/completion.bash $(DATA)/bash-completion/completions/gridclear
	$(Q)install -D -m 644 build/man/completion.zsh $(DESTDIR)$(ZSHDIR)/_gridclear
	$(Q)install -D -m 644 build/man/completion.fish $(DATA)/fish/vendor_completions.d/gridclear.fish
	$(Q)for file in $(EXAMPLES); do \
	    install -D -m 644 $$file $(DATA)/doc/gridclear/examples/$$file || exit; \
	done

## install-python: the Python package into PYTHONDIR (that of PYTHON), under DESTDIR
install-python:
	$(Q)install -D -m 644 -t $(DESTDIR)$(PYTHONDIR)/gridclear results/python/src/gridclear/*

## uninstall: the reverse of install and install-python
uninstall:
	$(Q)rm -f $(DESTDIR)$(PREFIX)/bin/gridclear
	$(Q)rm -rf $(DATA)/doc/gridclear
	$(Q)rm -f $(DATA)/man/man1/gridclear.1 $(DATA)/man/man1/gridclear-*.1 \
	    $(DATA)/man/man5/gridclear-*.5 $(DATA)/bash-completion/completions/gridclear \
	    $(DESTDIR)$(ZSHDIR)/_gridclear $(DATA)/fish/vendor_completions.d/gridclear.fish
	$(Q)test -z "$(PYTHONDIR)" || rm -rf $(DESTDIR)$(PYTHONDIR)/gridclear

## install-test: what install puts where, manual pages without a fault, completion in shells
install-test: all build/.deps-check
	@$(RUN) plain tests/install/run.sh

## deb: Debian packages of the last commit in build/package, and what lintian says of them
deb: build/.deps-check
	@tests/package/run.sh build
	@ls build/package/*.deb 2>/dev/null || :

## dist: a source tarball of the last commit
dist:
	$(Q)mkdir -p build && git archive --prefix=gridclear-$(VERSION)/ \
	    -o build/gridclear-$(VERSION).tar.gz HEAD
	@echo build/gridclear-$(VERSION).tar.gz

## clean: remove build/
clean:
	$(Q)rm -rf build

## help: this list
help:
	@sed -n 's/^## \([A-Za-z-]*\): /\1\t/p' $(MAKEFILE_LIST) | expand -t16
