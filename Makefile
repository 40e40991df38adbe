# GridClear - `make help` lists the targets.

VARIANT ?= release
B       := build/$(VARIANT)
Q       := $(if $(V),,@)
CC      ?= gcc
VERSION := $(shell cat VERSION)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
PREFIX  ?= /usr/local

OPT_release := -O2 -g -DNDEBUG
OPT_debug   := -O0 -g3
OPT_asan    := -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined
OPT_fuzz    := $(OPT_asan) -fsanitize=fuzzer-no-link
OPT_cov     := -O0 -g3 --coverage

WARN := -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
        -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
        -Wwrite-strings -Wvla -Wundef -Wdouble-promotion -Wformat=2 -fno-common

PKGS := hdf5 openblas yaml-0.1
LIBS  = $(shell pkg-config --libs $(PKGS)) -lhdf5_hl -lcholmod -lglpk -lcsv -lz -lm
INCS  = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I $(PKGS))) \
        -isystem /usr/include/suitesparse
ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -I. $(INCS) $(WARN) $(OPT_$(VARIANT)) \
             -ffp-contract=off -DGRIDCLEAR_VERSION='"$(VERSION)"' $(CFLAGS)
ALL_LDFLAGS = $(OPT_$(VARIANT)) $(LDFLAGS)

SRC      := $(filter-out sim/app/main.c,$(wildcard sim/*/*.c solver/*.c results/*.c))
LIB      := $(B)/libgridclear.a
BIN      := $(B)/gridclear
SUPPORT  := $(wildcard tests/support/*.c tests/oracle/*.c)
TESTS    := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c tests/property/prop_*.c \
              tests/oracle_cases/case_*.c))

say = @printf '  %-5s %s\n' $(1) $(2)

## all: build/gridclear, the program (default)
all: build/gridclear

# ---- set-up on a fresh machine: everything below runs only when something is missing ----
.PHONY: deps
## deps: install what the build and the tests need (Debian packages, only the missing ones)
deps:
	$(Q)./tests/setup/deps.sh all

build/.deps: tests/setup/deps.sh tests/setup/packages.txt
	$(Q)./tests/setup/deps.sh all
	$(Q)mkdir -p build && touch $@

build/gridclear: $(BIN)
	$(Q)cp $< $@.new && mv $@.new $@

$(B)/%.o: %.c Makefile build/.deps
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/sim/app/version.o: ALL_CFLAGS += -DGRIDCLEAR_COMMIT='"$(COMMIT)"'
$(B)/sim/app/version.o: $(wildcard .git/HEAD .git/refs/heads/*)

$(LIB): $(SRC:%.c=$(B)/%.o)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BIN): $(B)/sim/app/main.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -o $@ $(LIBS)

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT:%.c=$(B)/%.o) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -o $@ $(shell pkg-config --libs criterion) $(LIBS)

-include $(shell find build -name '*.d' 2>/dev/null)

## clean: remove build/
clean:
	$(Q)rm -rf build

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' $(MAKEFILE_LIST) | expand -t16
