#!/bin/sh
# Prints the closing table of ./test from a file of rows (part, result, seconds, remark; parted by tabs).
# The status is not zero if a part failed; with THREERINGS_REQUIRE_ALL=1 also if one was not run.
set -eu
printf '\n%-12s %-8s %8s  %s\n' part result seconds remark
awk -F '\t' '
    { printf "%-12s %-8s %8s  %s\n", $1, $2, $3, $4 }
    $2 != "passed" && $2 != "not run" { failed++ }
    $2 == "not run" { left++ }
    END {
        if (!NR) { print "nothing was run"; exit 1 }
        if (left && ENVIRON["THREERINGS_REQUIRE_ALL"] == "1") {
            print "a part was not run, and THREERINGS_REQUIRE_ALL=1"
            exit 1
        }
        exit failed > 0
    }' "$1"
