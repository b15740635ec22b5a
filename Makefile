# flowdeck: `make help` lists the targets. Everything it makes goes to build/ (or B=...).

B       ?= build
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
PREFIX  ?= /usr/local
V       ?=
Q       := $(if $(V),,@)
say      = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))
DESTDIR ?=
MODE    ?= release

# No -Wpedantic: it refuses __int128, in which every product of prices and quantities is made.
WARN := -Wall -Wextra -Wconversion -Wsign-conversion -Wswitch-enum -Wshadow -Wformat=2 \
        -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wundef -Wvla \
        -Wcast-qual -Wnull-dereference -Wdouble-promotion -Wno-gnu-zero-variadic-macro-arguments -Werror
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -ftrivial-auto-var-init=zero
LDHARDEN := -pie -Wl,-z,relro,-z,now -Wl,--as-needed

ifneq (,$(findstring clang,$(shell $(CC) --version 2>/dev/null | head -1)))
WARN   += -Wno-gnu-folding-constant
HARDEN := $(HARDEN) -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
endif

OPT_release := -O2 -g
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_ubsan   := -O1 -g -fsanitize=undefined -fno-sanitize-recover=all
OPT_tsan    := -O1 -g -fsanitize=thread
ifneq ($(MODE),release)
HARDEN   := -fPIE
LDHARDEN := -pie
endif

# Decisions must not depend on the machine: C17 without contraction of floating point (clang contracts
# by default), never -ffast-math.
CPPFLAGS += -Isrc -Iinclude -I$(B)/gen -D_GNU_SOURCE
CFLAGS   ?= $(OPT_$(MODE))
# Debug information names no folder of the machine that built it.
ALL_CFLAGS := -std=c17 -ffp-contract=off -ffile-prefix-map=$(CURDIR)=. -pthread $(WARN) $(HARDEN) $(CFLAGS) $(EXTRA_CFLAGS)
ALL_LDFLAGS := -pthread $(LDHARDEN) $(filter -fsanitize% -O% -g -march%,$(CFLAGS)) $(LDFLAGS)
LIBS := -lyaml -ljansson -lz -lsqlite3 -lwebsockets -lssl -lcrypto -lev -lncursesw -ltinfo -lm

LAYERS := core/base core/domain core/market core/signal core/strategy plugin risk exec net feed store view tui service sim
LIB_SRC := $(foreach layer,$(LAYERS),$(wildcard src/$(layer)/*.c))
APP_SRC := $(wildcard src/app/*.c)
LIB_OBJ := $(LIB_SRC:src/%.c=$(B)/obj/%.o)
APP_OBJ := $(filter-out $(B)/obj/app/main.o,$(APP_SRC:src/%.c=$(B)/obj/%.o))
GEN_OBJ := $(B)/gen/embedded.o

UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT_BIN  := $(UNIT_SRC:tests/unit/%.c=$(B)/tests/unit/%)
SCREEN_SRC := $(wildcard tests/screen/test_*.c)
SCREEN_BIN := $(SCREEN_SRC:tests/screen/%.c=$(B)/tests/screen/%)
WIRE_SRC  := $(wildcard tests/wire/test_*.c)
WIRE_BIN  := $(WIRE_SRC:tests/wire/%.c=$(B)/tests/wire/%)
FAULT_SRC := $(wildcard tests/faults/test_*.c)
FAULT_BIN := $(FAULT_SRC:tests/faults/%.c=$(B)/tests/faults/%)
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN  := $(FUZZ_SRC:tests/fuzz/%.c=$(B)/fuzz/%)
BENCH_SRC := $(wildcard tests/bench/bench_*.c)
BENCH_BIN := $(BENCH_SRC:tests/bench/%.c=$(B)/bench/%)

.DELETE_ON_ERROR:
.PHONY: all run test check unit paper-report deps dev-deps asan ubsan tsan fuzz fuzzers wire dst dst-days dst-bugs interop bench benchmarks layers lint format install install-dev uninstall clean \
        help man demo soak faults histories shots compdb

all: $(B)/flowdeck

help:
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# --- the program ------------------------------------------------------------------------------------------
$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Themes, instruments and sample configuration live in the program, so that it runs from anywhere.
EMBEDDED := $(wildcard themes/*.theme) $(wildcard config/*.yaml) man/flowdeck-strategy.7.in
$(B)/gen/embedded.c: tools/embed $(EMBEDDED)
	@mkdir -p $(@D)
	$(Q)sh tools/embed $(EMBEDDED) > $@
$(B)/gen/embedded.o: $(B)/gen/embedded.c src/core/base/embedded.h
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c $< -o $@

$(B)/libflowdeck.a: $(LIB_OBJ) $(GEN_OBJ)
	@rm -f $@
	$(Q)ar rcsP $@ $^

$(B)/libapp.a: $(APP_OBJ)
	@rm -f $@
	$(Q)ar rcsP $@ $^

$(B)/flowdeck: $(B)/obj/app/main.o $(B)/libapp.a $(B)/libflowdeck.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $< $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -o $@

-include $(LIB_OBJ:.o=.d) $(APP_OBJ:.o=.d) $(B)/obj/app/main.d

# --- a market to look at: made, not stored ------------------------------------------------------------------
$(B)/make-recording: tools/make_recording.c $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $^ $(LIBS) -o $@
$(B)/demo.jsonl.gz: $(B)/make-recording
	$(B)/make-recording --seed 1 --out $(@D)/part-$(@F) && mv -f $(@D)/part-$(@F) $@ # never half of it
demo: $(B)/demo.jsonl.gz ## make the demo recording

# As many jobs as processors where nobody has said how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN))

run: deps ## install what is missing, build, open the workstation on the built-in exchange
	@$(MAKE) --no-print-directory $(JOBS) all
	$(B)/flowdeck --demo $(ARGS)

deps:
	@sh tools/install-deps build
dev-deps:
	@sh tools/install-deps test

# --- tests -------------------------------------------------------------------------------------------------
# A test that follows a NULL dies loudly at once: -Wnull-dereference has nothing to add there.
$(B)/tests/unit/%: tests/unit/%.c $(B)/libapp.a $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -MF $@.d $< $(ALL_LDFLAGS) $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -lcmocka -lm -o $@
$(B)/tests/screen/%: tests/screen/%.c $(wildcard tests/screen/*.h) $(B)/libapp.a $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -MF $@.d $< $(ALL_LDFLAGS) $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -lcmocka -lvterm -lutil -lm -o $@
$(B)/tests/faults/%: tests/faults/%.c $(wildcard tests/faults/*.h tests/screen/*.h) $(B)/libapp.a $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -MF $@.d $< $(ALL_LDFLAGS) $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -lcmocka -lvterm -lutil -lm -o $@
$(B)/tests/wire/%: tests/wire/%.c $(wildcard tests/wire/*.h) $(B)/libapp.a $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -MF $@.d $< $(ALL_LDFLAGS) $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -lcmocka -lm -o $@
# The simulation is one program of several files (docs/simulation.md).
DST_SRC := $(wildcard tests/dst/*.c)
DST_OBJ := $(DST_SRC:tests/%.c=$(B)/tests/%.o)
$(B)/tests/dst/%.o: tests/dst/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -c $< -o $@
$(B)/tests/dst/dst: $(DST_OBJ) $(B)/libapp.a $(B)/libflowdeck.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ $(LIBS) -o $@
-include $(DST_OBJ:.o=.d)

$(B)/bench/%: tests/bench/%.c $(B)/libapp.a $(B)/libflowdeck.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) -Wno-null-dereference -MMD -MP -MF $@.d $< $(ALL_LDFLAGS) $(B)/libapp.a $(B)/libflowdeck.a $(LIBS) -lm -o $@

# This one looks at the screen through a terminal, as the tests of it do.
$(B)/bench/bench_screen: LIBS += -lcmocka -lvterm -lutil
$(B)/bench/bench_screen: $(wildcard tests/screen/*.h)

# What decides, and no more: for builds by other compilers.
DECIDE_SRC := $(wildcard src/core/*/*.c src/exec/*.c src/risk/*.c src/feed/decoder*.c src/feed/scan*.c) \
  $(addprefix src/feed/,book_sync.c exchange_info.c held_updates.c instrument_table.c instruments_file.c line_reader.c \
    replay.c steps.c wire.c wire_json.c) \
  $(wildcard src/plugin/*.c src/app/schedule*.c src/app/operator*.c src/app/recovery*.c) \
  $(addprefix src/app/,answers.c book_audit.c book_trust.c calendar.c decision_log.c groups.c holdings.c instruments.c journal.c kill.c kill_last.c \
    market_state.c money.c monitoring.c options.c options_check.c options_table.c pipeline.c sha256.c strategies.c strategy_options.c strategy_states.c ticker_check.c journal_states.c \
    day_figures.c denials.c paper_base.c \
    trading.c trading_cancel.c warm_up.c key_options.c paths.c) \
  $(addprefix src/tui/,theme.c saved_layout.c screen_names.c number_text.c $(filter-out key_title.c,$(notdir $(wildcard src/tui/key*.c src/tui/glyphs.c))))
$(B)/tests/builds/decide: tests/builds/decide.c $(DECIDE_SRC:src/%.c=$(B)/obj/%.o) $(GEN_OBJ)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d $(filter %.c %.o,$^) $(ALL_LDFLAGS) \
	  -lyaml -ljansson -lz -lcrypto -lm -o $@

$(B)/tests/unit/test_make_recording: | $(B)/make-recording

# Plug-ins for the tests, nearly all of them broken: one source, built once for each kind that it knows.
PLUGIN_KINDS := $(sort $(shell grep -o 'KIND_[a-z0-9_]*' tests/plugins/broken.c | sed 's/KIND_//'))
PLUGIN_SO := $(PLUGIN_KINDS:%=$(B)/tests/plugins/%.so)
$(B)/tests/plugins/%.so: tests/plugins/broken.c include/flowdeck/strategy.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O1 -g -w -Iinclude -fPIC -shared -DKIND_$* $< -lm -o $@
# One that does as it is told, built like the template.
$(B)/tests/plugins/asker.so: tests/plugins/asker.c include/flowdeck/strategy.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O2 -g $(WARN) -Iinclude -fPIC -shared $< -o $@
$(B)/tests/unit/test_four_sources: | $(B)/tests/plugins/asker.so
$(B)/tests/plugins/restless.so: tests/plugins/restless.c include/flowdeck/strategy.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O2 -g $(WARN) -Iinclude -fPIC -shared $< -o $@
$(B)/tests/screen/test_takeover $(B)/tests/screen/test_terminal_gone: | $(B)/tests/plugins/restless.so
$(B)/tests/screen/test_kill $(B)/tests/screen/test_every_command $(B)/tests/unit/test_plugin $(B)/tests/unit/test_plugin_broken $(B)/tests/unit/test_plugin_watch: | $(PLUGIN_SO)

# Shims for LD_PRELOAD that make the system fail.
FAULT_SO := $(B)/tests/faults/fail_malloc.so $(B)/tests/faults/fail_io.so
$(B)/tests/faults/%.so: tests/faults/%.c $(wildcard tests/faults/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c17 -O1 -g -Wall -Wextra -Werror -fPIC -shared $< -o $@

-include $(UNIT_BIN:%=%.d) $(SCREEN_BIN:%=%.d) $(WIRE_BIN:%=%.d) $(FAULT_BIN:%=%.d) $(BENCH_BIN:%=%.d) $(B)/tests/builds/decide.d

test: dev-deps ## install what is missing, build, run everything that needs no network
	@$(MAKE) --no-print-directory $(JOBS) check

check: all demo $(UNIT_BIN) $(SCREEN_BIN) $(WIRE_BIN) $(FAULT_BIN) $(FAULT_SO) $(BENCH_BIN) $(B)/tests/dst/dst
	@FLOWDECK_BUILD=$(B) sh tests/run-all $(B)

unit: all demo $(UNIT_BIN) ## unit tests alone
	@FLOWDECK_BUILD=$(B) sh tests/run-unit $(B)

asan: ## unit and screen tests under address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory B=$(B)-asan MODE=asan check
ubsan: ## the same under the undefined-behaviour sanitizer alone
	@$(MAKE) --no-print-directory B=$(B)-ubsan MODE=ubsan check
tsan: ## the same under the thread sanitizer
	@$(MAKE) --no-print-directory B=$(B)-tsan MODE=tsan check

wire: all $(WIRE_BIN) ## the real client against the built-in exchange, faults included
	@FLOWDECK_BUILD=$(B) sh tests/run-wire $(B)
SEEDS ?= 60
FIRST ?= 1
dst: $(B)/tests/dst/dst ## SEEDS (60) simulated worlds from seed FIRST (1) on: the engine against the exchange's truth, with faults; or until LOST answers were lost
	@sh tests/run-dst $(B) $(SEEDS) $(FIRST)
DAYS ?= 10000
dst-days: $(B)/tests/dst/dst ## DAYS (10000) simulated trading days from seed FIRST on
	@sh tests/run-dst $(B) $(DAYS) $(FIRST) --day
dst-bugs: ## does the simulation catch what is wrong on purpose? each of tests/dst/bugs/*.patch on a copy of the tree
	@sh tests/dst/run-bugs $(B)
faults: all $(FAULT_BIN) $(FAULT_SO) ## the real program killed, starved of disk and clock, and started again
	@FLOWDECK_BUILD=$(B) sh tests/run-faults $(B)
# Long forms of single tests; those that share processors badly come one after another.
SOAK_UNIT := $(addprefix $(B)/tests/unit/,test_instances test_journal_reader test_db_mutated test_hostile test_hostile_feed)
SOAK_SCREEN := $(addprefix $(B)/tests/screen/,test_kill test_kill_load test_takeover test_hostile_replay test_hostile_terminal test_terminal_gone test_every_question test_key_states test_key_states_seen test_cancels_in_states test_keys_on_trade test_keys_in_fields test_keys_on_screens)
soak: all $(WIRE_BIN) $(FAULT_BIN) $(FAULT_SO) $(SOAK_UNIT) $(SOAK_SCREEN) $(B)/tests/dst/dst ## the same in its long form: thousands of gaps, reconnects, kills, crash points and takeovers, floods, a simulated day (docs/faults.md)
	@FLOWDECK_BUILD=$(B) FLOWDECK_SOAK=1 sh tests/run-wire $(B)
	@FLOWDECK_BUILD=$(B) FLOWDECK_SOAK=1 sh tests/run-faults $(B)
	@set -e; for test in $(SOAK_UNIT) $(SOAK_SCREEN); do FLOWDECK_BUILD=$(B) FLOWDECK_SOAK=1 $$test; done
	@LOST=10000 sh tests/run-dst $(B)
	@FLOWDECK_SOAK=1 sh tests/run-dst $(B)
PROPERTY_BIN := $(filter %_property,$(UNIT_BIN))
histories: $(PROPERTY_BIN) ## the invariants over more than a million random order histories: about ten minutes
	@set -e; for test in $(PROPERTY_BIN); do FLOWDECK_SOAK=1 $$test; done
paper-report: $(B)/tests/unit/test_paper_truth ## the paper broker's error of fill time and price by queue model, against the built-in exchange
	@FLOWDECK_SOAK=1 $(B)/tests/unit/test_paper_truth | grep -v '^\['
interop: all ## public clients of other people against the built-in exchange (needs a network and Node.js)
	@FLOWDECK_BUILD=$(B) sh tests/interop/run $(B)

# Fuzzers need clang; FUZZ_SECONDS bounds each of them. They share one instrumented library.
FUZZ_SECONDS ?= 20
FUZZ_CFLAGS := -std=c17 -ffp-contract=off -O1 -g -w -fno-sanitize-recover=all -pthread
FUZZ_OBJ := $(patsubst src/%.c,$(B)/fuzz/obj/%.o,$(LIB_SRC) $(filter-out src/app/main.c,$(APP_SRC)))
$(B)/fuzz/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)clang $(CPPFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c $< -o $@
$(B)/fuzz/libfuzzed.a: $(FUZZ_OBJ)
	@rm -f $@
	$(Q)ar rcsP $@ $^
$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(B)/fuzz/libfuzzed.a $(B)/gen/embedded.c
	$(call say,FUZZ,$@)
	$(Q)clang $(CPPFLAGS) -Itests $(FUZZ_CFLAGS) -fsanitize=fuzzer,address,undefined -MMD -MP -MF $@.d $< \
	  $(B)/gen/embedded.c $(B)/fuzz/libfuzzed.a $(LIBS) -o $@
fuzzers: $(FUZZ_BIN)
fuzz: fuzzers ## each fuzzer for FUZZ_SECONDS (20)
	@sh tests/run-fuzz $(B) $(FUZZ_SECONDS)

-include $(FUZZ_OBJ:.o=.d) $(FUZZ_BIN:%=%.d)

bench: dev-deps ## speed, as ratios measured side by side in one run
	@$(MAKE) --no-print-directory benchmarks
benchmarks: all demo $(BENCH_BIN)
	@FLOWDECK_BUILD=$(B) sh tests/run-bench $(B)

SHOT_BIN := $(patsubst tests/%.c,$(B)/tests/%,$(shell grep -l 'include .*golden_[a-z]*\.h' tests/unit/test_*.c))
shots: all demo $(SHOT_BIN) ## draw every screen anew as text under tests/screen/golden, and the README's
	@for test in $(SHOT_BIN); do FLOWDECK_BUILD=$(B) FLOWDECK_GOLDEN=write $$test || exit; done
	@sh tools/readme-picture

# --- the house ---------------------------------------------------------------------------------------------
layers: ## check the layer table, circles and purity
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh tools/check-layers $(B)

FORMAT_FILES = $(shell git ls-files 'src/*.[ch]' 'include/*.h' 'tests/*.[ch]' 'tools/*.[ch]' 'examples/*.[ch]')
lint: $(B)/gen/embedded.c ## clang-format check, clang-tidy, cppcheck, shellcheck
	@clang-format --dry-run --Werror $(FORMAT_FILES)
	@clang-tidy --quiet $(LIB_SRC) $(APP_SRC) -- $(CPPFLAGS) -std=c17 2>/dev/null
	@cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
	  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --suppress=uninitvar -Isrc src
	@shellcheck -x -s sh tools/embed tools/check-layers tools/install-deps tools/compdb tools/readme-picture tests/run-* tests/runner tests/*.sh tests/dst/run-bugs tests/interop/run && \
	  shellcheck .ci/run
format: ## format every source file
	@clang-format -i $(FORMAT_FILES)

compdb: ## compile_commands.json for editors
	@$(MAKE) --no-print-directory -B -n all | sh tools/compdb > compile_commands.json

MAN_PAGES := flowdeck.1 flowdeck.conf.5 flowdeck-journal.5 flowdeck-theme.5 flowdeck-strategy.7
man: $(MAN_PAGES:%=$(B)/man/%) $(B)/flowdeck.bash ## manual pages (to man/ too) and bash completion
	@cp $(MAN_PAGES:%=$(B)/man/%) man/
$(B)/man/%: $(B)/flowdeck
	@mkdir -p $(@D)
	$(B)/flowdeck internal-man $* > $@
$(B)/flowdeck.bash: $(B)/flowdeck
	$(B)/flowdeck internal-completion > $@

install: all demo install-dev $(MAN_PAGES:%=$(B)/man/%) $(B)/flowdeck.bash ## to $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
	  $(DESTDIR)$(PREFIX)/share/flowdeck/themes $(DESTDIR)$(PREFIX)/share/flowdeck/config \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/doc/flowdeck
	install -m 755 $(B)/flowdeck $(DESTDIR)$(PREFIX)/bin/flowdeck
	install -m 644 $(B)/man/flowdeck.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(B)/man/flowdeck.conf.5 $(B)/man/flowdeck-journal.5 $(B)/man/flowdeck-theme.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 $(B)/flowdeck.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/flowdeck
	install -m 644 themes/*.theme $(DESTDIR)$(PREFIX)/share/flowdeck/themes/
	install -m 644 config/*.yaml $(DESTDIR)$(PREFIX)/share/flowdeck/config/
	install -m 644 $(B)/demo.jsonl.gz $(DESTDIR)$(PREFIX)/share/flowdeck/
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/flowdeck/
	install -d $(DESTDIR)$(PREFIX)/share/doc/flowdeck/docs
	install -m 644 $(wildcard docs/*) $(DESTDIR)$(PREFIX)/share/doc/flowdeck/docs/

install-dev: ## what a strategy plug-in is built against: headers, template, manual page (part of install)
	install -d $(DESTDIR)$(PREFIX)/include/flowdeck $(DESTDIR)$(PREFIX)/share/man/man7 \
	  $(DESTDIR)$(PREFIX)/share/flowdeck/examples/strategy-template
	install -m 644 include/flowdeck/*.h $(DESTDIR)$(PREFIX)/include/flowdeck/
	install -m 644 man/flowdeck-strategy.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	install -m 644 $(addprefix examples/strategy-template/,template.c Makefile README.md) \
	  $(DESTDIR)$(PREFIX)/share/flowdeck/examples/strategy-template/

uninstall: ## what install put there
	rm -f $(DESTDIR)$(PREFIX)/share/man/man7/flowdeck-strategy.7
	rm -rf $(DESTDIR)$(PREFIX)/include/flowdeck
	rm -f $(DESTDIR)$(PREFIX)/bin/flowdeck $(DESTDIR)$(PREFIX)/share/man/man1/flowdeck.1 \
	  $(DESTDIR)$(PREFIX)/share/man/man5/flowdeck.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/flowdeck-journal.5 $(DESTDIR)$(PREFIX)/share/man/man5/flowdeck-theme.5 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/flowdeck
	rm -rf $(DESTDIR)$(PREFIX)/share/flowdeck $(DESTDIR)$(PREFIX)/share/doc/flowdeck

clean: ## everything that was made
	rm -rf $(B) $(B)-*
