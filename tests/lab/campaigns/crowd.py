"""The process of the phones, as the run that started it sees it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.campaigns.dialogs import Leg
from tests.lab.world import Bench

REPOSITORY = Path(__file__).resolve().parents[3]
CLOSE_SECONDS = 10


class Crowd:
    """Customers and crew on the phones of a started PBX."""

    def __init__(self, bench: Bench, out: Path, *, agents: int, seed: int, steady: bool = False) -> None:
        self._out = out
        out.touch()
        command = [
            *(sys.executable, "-m", "tests.lab.campaigns.phones"),
            *("--sip", f"{bench.sip[0]}:{bench.sip[1]}"),
            *("--provider", f"{bench.trunk[0]}:{bench.trunk[1]}"),
            *("--agent-port", str(bench.agent_port)),
            *("--agents", str(agents), "--seed", str(seed), "--out", str(out)),
            *(("--steady",) if steady else ()),
        ]
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._expect("ready")

    def register(self) -> None:
        """The crew again, after the PBX began anew."""
        self._tell("register")

    def cut(self, at: float) -> None:
        """The PBX died at this instant (epoch seconds)."""
        self._tell("cut", str(at))

    def close(self) -> None:
        """Every call that is still up is told as it is."""
        if self._process.poll() is None:
            self._tell("close")
            self._process.wait(CLOSE_SECONDS)

    def legs(self) -> list[Leg]:
        """What the phones told so far, in the order in which calls ended."""
        return read_legs(self._out)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _tell(self, word: str, rest: str = "") -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word} {rest}".strip() + "\n")
        self._process.stdin.flush()
        self._expect(word)

    def _expect(self, word: str) -> None:
        assert self._process.stdout is not None
        found = self._process.stdout.readline().strip()
        if found != word and not (word == "close" and not found):
            raise RuntimeError(f"phones: found {found!r}, expected {word!r}")


def read_legs(path: Path) -> list[Leg]:
    """The legs of a file of the phones' truth; a last line that is not whole yet is left out."""
    text = path.read_text(encoding="utf-8")
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [Leg(**json.loads(line)) for line in lines]
