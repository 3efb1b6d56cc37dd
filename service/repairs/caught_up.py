"""Until when a PBX's logs were read to their end: a line in a file, for processes that do not read them themselves."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path


def caught_up_path(data_dir: Path, pbx: str) -> Path:
    """Where it is kept, beside the rows of the logs."""
    return data_dir / "logs" / f"{pbx}.caught-up"


def write_caught_up(path: Path, at: datetime) -> None:
    """Whoever reads it meanwhile finds the old line or the new one. Raises OSError."""
    fresh = path.with_suffix(".new")
    fresh.write_text(at.isoformat(), encoding="ascii")
    os.replace(fresh, path)


def read_caught_up(path: Path) -> datetime | None:
    """None where there is none that can be read."""
    try:
        found = datetime.fromisoformat(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return found if found.tzinfo else None
