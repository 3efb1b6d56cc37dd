"""Sources into staging, each from its mark on; and the quarantine of what could not be read."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from service.importing.progress import Meter
from service.importing.sources import Source
from telephony.pbxlogs.staging import Staging


def read_into(staging: Staging, sources: Sequence[Source], meter: Meter) -> None:
    """Read what is not staged yet. Raises LogError."""
    for log, key in sources:
        meter.begin(log.name, log.size(), "rows")
        rows = 0
        for batch in log.batches(staging.mark(key)):
            staging.add(key, log.kind, batch)
            rows += len(batch.rows)
            meter.reached(log.done(batch.mark), rows)
        staging.commit()
        meter.end()


def write_quarantine(staging: Staging, path: Path) -> int:
    """Write the rows that could not be read to a file that only its owner reads; how many. No file for none."""
    count = 0
    for bad in staging.quarantined():
        if not count:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii")
        count += 1
        line = {"file": bad.source, "line": bad.line, "why": bad.why, "text": bad.text}
        file.write(json.dumps(line) + "\n")
    if count:
        file.close()
    return count
