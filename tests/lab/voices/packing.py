"""Where two tones are heard in each file of a folder of recordings, as JSON: a capture's sound, small enough to keep.

python -m tests.lab.voices.packing RECORDINGS > tones.json

{"2026/11/21/1.0.wav": {"ms": 4000, "channels": [{"440": [[0, 980], …], "880": […]}]}, …}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.lab.voices.tones import RATE, heard, samples_of

TONES = (440, 880)
"""What customers' phones play in a capture without voices, and what agents' do."""


def table(folder: Path) -> dict[str, Any]:
    """Each file below the folder, by its name as the PBX has it."""
    return {str(path.relative_to(folder)): _file(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _file(path: Path) -> dict[str, Any]:
    sound = samples_of(path, 2 if path.suffix == ".raw" else 1)
    channels = [
        {str(hertz): heard(sound[:, channel], hertz) for hertz in TONES} for channel in range(sound.shape[1])
    ]
    return {"ms": len(sound) * 1000 // RATE, "channels": channels}


if __name__ == "__main__":
    told = table(Path(sys.argv[1]))
    lines = [f"{json.dumps(name)}: {json.dumps(told[name], separators=(',', ':'))}" for name in told]
    print("{\n" + ",\n".join(lines) + "\n}")
