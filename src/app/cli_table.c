/* cli_table.c - every command and every option of the command line, for parser, help, manual and completion. See cli.h. */
#include "app/cli.h"

const struct cli_command_info cli_commands[] = {
    {CLI_WORKSTATION, "", "", "the workstation on the configured venue (Binance spot, BTCUSDT)",
     "Connects to the venue's public market data and starts in observation. With --demo it starts the "
     "built-in "
     "exchange in the background, on loopback and over TLS, and trades on paper there: a market that needs "
     "no "
     "network and is not real. Without a connection it says what cannot be reached and keeps trying. With "
     "--headless it runs until it is interrupted and then prints the summary."},
    {CLI_REPLAY, "replay", "FILE...", "the workstation on recordings, or with --headless a summary",
     "FILE is a recording: lines of receive time (nanoseconds or microseconds) and a JSON message, plain or "
     "gzip; "
     "several files are read as one in the order given (parts of a recording: FILE, then FILE with 0001 and "
     "so "
     "on). On a screen it starts in observation, without a screen in "
     "simulation, with the strategies that the configuration has ON. Exit code 3 when a book could not be "
     "made "
     "or had gaps that were not healed, or when lines were bad; the summary is printed all the same."},
    {CLI_RECORD, "record", "--out FILE", "records the raw feed to a recording that replay reads",
     "Writes what the venue sends, with depth snapshots and exchangeInfo at their place, to FILE: lines of "
     "receive "
     "time in nanoseconds and JSON, gzip, flushed each second. With --rotate-mb the next file is FILE with a "
     "number. "
     "A file that is there already is not overwritten."},
    {CLI_EXCHANGE, "exchange", "", "the built-in exchange alone, for tests and for other programs",
     "A market with a matching engine, people and the wire format of Binance (spot and USD-M), on loopback "
     "and over "
     "TLS. Writes exchange.json (addresses, its certificate authority, a key pair) into its data directory "
     "and prints "
     "that file's path. The same seed, symbols and requests give the same market."},
    {CLI_EXPLAIN, "explain", "ORDER | --denials [N]",
     "why this paper order was filled or not; what was denied",
     "Reads the order, its fills and its story out of the database of the data directory: what stood ahead "
     "of it when it "
     "came, how that place moved by trades and by cancels, what filled it, and what the other queue models "
     "would have "
     "done. ORDER is its number (of the newest session that has it), SESSION/NUMBER, or its id "
     "fd-EPOCH-NUMBER. The story is "
     "stored when the order has ended. An order that the risk gate denied has no number of its own: "
     "--denials "
     "tells the newest N of the newest session (20 unless told), each with what was asked, by whom, the "
     "control that denied it, and its numbers."},
    {CLI_ATTACH, "attach", "", "this terminal as another screen of a running flowdeck",
     "The same screen on the engine of the data directory, which runs without one (--headless, or its "
     "terminal was closed) or has one of its own: with an instrument and a screen of its own, several at a "
     "time. One of them is in control: its keys count, the others look, and `:control' takes it over; who "
     "loses it is told. K kills from each. With --readonly it can only look, and kill after a question. q, "
     ":detach or closing the terminal leave the engine as it is. It must be the same build. When the engine "
     "ends, the screen says so: exit code 1."},
    {CLI_KILL, "kill", "", "kills the trading of a running flowdeck",
     "Reaches the engine through the control socket of the data directory: no order leaves any more, every "
     "open one is cancelled. Returns when each cancel is confirmed and the kill is on disk, with what became "
     "of each order; after ten seconds it prints which are NOT cancelled, exit code 6. With --flatten "
     "positions are closed too, at bounded prices, and waited for. It stays killed after a restart, until "
     ":clear-kill and its word. If the engine does not answer, the file KILL is put into the data directory, "
     "which kills as well: `touch' can do that, too."},
    {CLI_STATUS, "status", "", "state of a running flowdeck",
     "Mode, state, kill, each instrument's book, position and result, strategies, open orders. With --json "
     "as one JSON object on one line."},
    {CLI_CONTROLS, "controls", "", "every pre-trade control: limit, use, source, denials, self-test",
     "Of the running flowdeck of the data directory. Denials are counted for a control, all its limits "
     "together: a \" stands for the count above. Where none runs: of the configuration, with a self-test "
     "of "
     "this moment; exit code 1 if a control failed it."},
    {CLI_JOURNAL, "journal", "", "prints the journal: filter, follow one order or a running engine, export",
     "Everything the engine decided or heard, but market data, in order: one line a record. --order follows "
     "one order: its command, states, answers, fills, story; exit code 1 if there is none of it. --follow "
     "goes on with what a running engine "
     "writes until it is interrupted. Times are UTC: HH:MM[:SS] of today, YYYY-MM-DD, or "
     "YYYY-MM-DDTHH:MM:SS, with a fraction and Z as they are printed. --csv has a column for each field if "
     "--kind names one kind. A damaged journal is "
     "printed as far as it is whole, then exit code 3."},
    {CLI_VERIFY, "verify", "", "walks the journal's hash chain and compares it with the database",
     "Reads every record of each account, checks the chain, makes the tables anew in a private temporary "
     "folder and "
     "compares them with the database row by row as far as that has come, and each snapshot with the "
     "journal. Damage and differences are named, exit code 3. Changes nothing; a running engine is not "
     "disturbed."},
    {CLI_BACKUP, "backup", "DIR", "a consistent copy of journals, snapshots and database to a new folder",
     "Beside a running engine, too: the database by SQLite's own means, the journals up to a seal. With the "
     "kill, alerts, lines typed at the prompt, the largest epoch, and plug-ins in quarantine. The copy is "
     "verified, and DIR appears when it is whole; it holds a manifest with sizes and SHA-256. Not in it: the "
     "configuration and themes, which are not in the data directory; logs and exported lists; the built-in "
     "exchange's keys, which it makes anew."},
    {CLI_RESTORE, "restore", "DIR", "puts a backup into the data directory",
     "Every file is compared with the manifest and the journals are verified before anything is changed. "
     "Refused while an "
     "engine holds the data directory, and where it is not empty, unless --force moves what is there aside, "
     "into a folder replaced-TIME beside it, with what a killed engine left in memory. Nothing is deleted; "
     "the "
     "largest epoch is only raised, and a plug-in in quarantine stays there."},
    {CLI_CHECK_CONFIG, "check-config", "[FILE]", "validates a configuration by the same code as a start",
     "Prints where each setting comes from. What is wrong is told whole, a line each, 32 at most; a start "
     "tells the first. FILE stands for --config FILE. Plug-ins are looked for, not run: "
     "what strategy.set says of them is checked by a start."},
    {CLI_HELP, "help", "[TOPIC]", "help on the program, a command, or another topic",
     "Topics: each command; keys; commands (of the prompt); settings; controls (of risk, with their limits); "
     "glossary, of every signal and number on the screens, or of one WORD; strategies; strategy NAME, or its "
     "name alone."},
    {CLI_MANUAL, "internal-man", "PAGE", "", NULL},
    {CLI_COMPLETION, "internal-completion", "", "", NULL},
};
const size_t cli_commands_count = sizeof(cli_commands) / sizeof(cli_commands[0]);

const struct cli_option cli_options[] = {
    {"config", "FILE", CLI_ANYWHERE, NULL, "read settings from FILE"},
    {"symbol", "S[,S...]", CLI_A_SCREEN | CLI_IN_RECORD | CLI_IN_EXCHANGE | CLI_IN_JOURNAL, "symbols",
     "only these instruments; the first is shown first"},
    {"venue", "NAME", CLI_ON_SCREEN | CLI_IN_RECORD, "venue", "binance-spot, binance-usdm or binance-coinm"},
    {"mode", "MODE", CLI_ON_SCREEN, "mode", "observation or simulation"},
    {"demo", NULL, CLI_LIVE, NULL, "on the built-in exchange: needs no network, and is not real"},
    {"seed", "N", CLI_LIVE | CLI_IN_EXCHANGE, NULL,
     "seed of the built-in exchange's market (default: the run's before, at first by chance; exchange: 1)"},
    {"standby", NULL, CLI_IN_WORKSTATION, NULL,
     "wait beside the engine of this data directory, lead when it is gone, stopped or hangs"},
    {"speed", "N", CLI_IN_REPLAY | CLI_IN_EXCHANGE, NULL,
     "times real time, 0.01 to 1000, or max (replay: 1 on a screen, max headless; exchange: 1)"},
    {"at", "TIME", CLI_IN_REPLAY, NULL,
     "start pacing at TIME: HH:MM[:SS] or YYYY-MM-DDTHH:MM[:SS], UTC, inside the recording"},
    {"out", "FILE", CLI_IN_RECORD, NULL, "recording to write, gzip"},
    {"rotate-mb", "N", CLI_IN_RECORD, NULL,
     "a new file after so many megabytes, 1 to 100000 (default: one file)"},
    {"seconds", "N", CLI_LIVE, NULL, "end after N seconds (record, or --headless), 1 to 31536000"},
    {"listen", "ADDRESS:PORT", CLI_IN_EXCHANGE, NULL,
     "loopback address and port, 0 takes a free one (default: 127.0.0.1:0)"},
    {"fault", "\"AT_S VERB ARGS\"", CLI_IN_EXCHANGE, NULL, "a fault at that second; may be given often"},
    {"fault-file", "FILE", CLI_IN_EXCHANGE, NULL, "faults, one each line"},
    {"headless", NULL, CLI_IN_WORKSTATION | CLI_IN_REPLAY, NULL,
     "no screen: run to the end and print the summary"},
    {"json", NULL,
     CLI_IN_WORKSTATION | CLI_IN_REPLAY | CLI_IN_EXPLAIN | CLI_IN_KILL | CLI_IN_REPORT | CLI_IN_JOURNAL |
         CLI_IN_VERIFY | CLI_IN_BACKUP | CLI_IN_RESTORE,
     NULL, "print results as one JSON object on one line (journal: each record)"},
    {"csv", NULL, CLI_IN_JOURNAL, NULL, "print records as comma-separated values"},
    {"account", "NAME", CLI_IN_JOURNAL | CLI_IN_VERIFY, NULL,
     "whose journal: demo, binance-spot, ... (journal: needed if there are several; verify: all)"},
    {"kind", "K[,K]", CLI_IN_JOURNAL, NULL,
     "records of these kinds alone: order, fill, ...; see flowdeck-journal(5)"},
    {"order", "ORDER", CLI_IN_JOURNAL, NULL,
     "what belongs to this order: its number, or its id fd-EPOCH-NUMBER"},
    {"owner", "NAME", CLI_IN_JOURNAL, NULL, "records of this owner alone: manual or a strategy"},
    {"since", "TIME", CLI_IN_JOURNAL, NULL, "records from this time on, UTC"},
    {"until", "TIME", CLI_IN_JOURNAL, NULL, "records up to this time, UTC"},
    {"follow", NULL, CLI_IN_JOURNAL, NULL, "go on with what is being written, until interrupted"},
    {"force", NULL, CLI_IN_RESTORE, NULL, "move what is in the data directory aside"},
    {"flatten", NULL, CLI_IN_KILL, NULL, "close positions too, at bounded prices"},
    {"denials", NULL, CLI_IN_EXPLAIN, NULL, "the newest denials instead of an order; N of them"},
    {"decisions", "FILE", CLI_IN_WORKSTATION | CLI_IN_REPLAY, NULL,
     "also write the lines that decision_sha256 is over to FILE"},
    {"execute", "FILE", CLI_IN_WORKSTATION | CLI_IN_REPLAY | CLI_IN_ATTACH, NULL,
     "run the commands of the prompt in FILE at the start, one a line; # begins a comment"},
    {"screen", "NAME", CLI_IN_ATTACH, NULL,
     "shown first: trade, chart, market, strategy, risk, results, journal or system"},
    {"readonly", NULL, CLI_A_SCREEN, NULL, "the screen gives no orders; kill asks first"},
    {"theme", "NAME", CLI_A_SCREEN, "theme",
     "dark, light, high-contrast, colour-blind, mono, red-up, or a theme file"},
    {"ascii", NULL, CLI_A_SCREEN, NULL, "draw with ASCII characters only"},
    {"no-color", NULL, CLI_A_SCREEN, NULL, "draw without colours (also: NO_COLOR is set)"},
    {"terminal", "auto|curses", CLI_A_SCREEN, NULL,
     "how to drive the terminal; curses for those the usual way cannot"},
    {"data-dir", "DIR", CLI_ANYWHERE, "data_dir",
     "folder of journal, database, log, sockets and the exchange's certificates"},
    {"version", NULL, CLI_ANYWHERE, NULL, "print version and libraries"},
    {"help", NULL, CLI_ANYWHERE, NULL, "print help"},
};
const size_t cli_options_count = sizeof(cli_options) / sizeof(cli_options[0]);

_Static_assert(sizeof(cli_options) / sizeof(cli_options[0]) <= CLI_OPTIONS_MAX, "each has a bit");
