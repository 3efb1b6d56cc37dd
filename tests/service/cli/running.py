"""Runs commands in this process, as `threerings` would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.__main__ import main

CAPTURES = Path(__file__).resolve().parents[2] / "scenarios" / "captures" / "regression"
PLAIN = str(CAPTURES / "22.10" / "ami.jsonl.xz")
PLAIN_RAW = str(CAPTURES / "22.10" / "ami.raw.xz")
FREEPBX = str(CAPTURES / "freepbx-22" / "ami.jsonl.xz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Its output as JSON lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]


class Commands:
    """Runs a command in a folder of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Done:
        """Run it."""
        self._capsys.readouterr()
        status = main(arguments)
        told = self._capsys.readouterr()
        return Done(status=status, out=told.out, err=told.err)
