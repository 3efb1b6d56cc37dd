"""What of the lab is collected only where all of it is asked for."""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("THREERINGS_LAB") == "all" else ["test_scripted.py"]
