"""A service of its own process, and where it says that it serves."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest

URL = re.compile(rb"event=service\.serves url=(\S+)/")


def environ() -> dict[str, str]:
    """What the process needs to find this checkout wherever it runs."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


async def url_in(log: Path) -> str:
    """The first address that its log tells."""
    for _ in range(200):
        if found := URL.search(log.read_bytes()):  # noqa: ASYNC240 - a small file of our own
            return found[1].decode()
        await asyncio.sleep(0.1)
    pytest.fail("the service did not begin to serve")
