"""Tables of years: memory stays where it is, however many rows there are."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.telephony.pbxlogs.log_databases import CDR_DDL, CEL_DDL, Database

ROWS = 500_000
GROWTH_MB = 60
READ = """
import json, sys, time
from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.rows import LogKind

def peak():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(status["VmHWM"].split()[0]) / 1024  # ru_maxrss would be that of whoever started us, if greater

log = DatabaseLog(LogKind(sys.argv[2]), sys.argv[1])
batches = log.batches()
count, bad, first = len(next(batches).rows), 0, peak()
began = time.monotonic()
for batch in batches:
    count, bad = count + len(batch.rows), bad + len(batch.bad)
seconds = time.monotonic() - began
print(json.dumps({"rows": count, "bad": bad, "peak": peak(), "growth": peak() - first, "rate": round(count / seconds)}))
"""


@pytest.mark.slow
@pytest.mark.mariadb
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["cel", "cdr"])
def test_memory_does_not_grow_with_the_table(asteriskcdrdb: Database, kind: str) -> None:
    """Half a million rows are read with the memory of the first page and little more."""
    if kind == "cel":
        asteriskcdrdb.run(CEL_DDL)
        asteriskcdrdb.run(
            "INSERT INTO cel (eventtype, eventtime, channame, uniqueid, linkedid, appdata, extra) SELECT 'CHAN_START',"
            " '2025-01-01' + INTERVAL seq SECOND, CONCAT('PJSIP/trunk-', LPAD(HEX(seq), 8, '0')), CONCAT(1735689600 +"
            f" seq, '.', seq), CONCAT(1735689600 + seq, '.', seq), REPEAT('x', 60), '{{}}' FROM seq_1_to_{ROWS}"
        )
    else:
        asteriskcdrdb.run(f"{CDR_DDL.removesuffix(')')}, KEY calldate (calldate))")
        asteriskcdrdb.run(
            "INSERT INTO cdr (calldate, channel, uniqueid, duration, disposition) SELECT '2025-01-01' + INTERVAL seq"
            " MINUTE, CONCAT('PJSIP/trunk-', LPAD(HEX(seq), 8, '0')), CONCAT(1735689600 + 60 * seq, '.', seq), 30,"
            f" 'BUSY' FROM seq_1_to_{ROWS}"
        )
    command = [sys.executable, "-c", READ, asteriskcdrdb.url, kind]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"{kind}: {found['rate']} rows/s, peak {found['peak']:.0f} MB, growth {found['growth']:.1f} MB")
    assert (found["rows"], found["bad"]) == (ROWS, 0)
    assert found["growth"] < GROWTH_MB
