"""How much of what is drawn by seed is tried: a part in ./test, all of it where `make long` asks for it."""

from __future__ import annotations

import os

WHOLE = os.environ.get("THREERINGS_EXTENT") == "whole"
