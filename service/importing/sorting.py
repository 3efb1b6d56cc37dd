"""Lines in order of their keys, however many: sorted runs in temporary files, merged at the end."""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Any, Self

RUN_BYTES = 16_000_000

Key = tuple[Any, ...]


class SortedLines:
    """Takes lines with keys, gives them back in order. A key holds texts and numbers."""

    def __init__(self, run_bytes: int = RUN_BYTES) -> None:
        self._limit = run_bytes
        self._run: list[tuple[Key, str]] = []
        self._size = 0
        self._files: list[IO[str]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, key: Key, line: str) -> None:
        """One line, without its end."""
        self._run.append((key, line))
        self._size += len(line)
        if self._size > self._limit:
            self._spill()

    def lines(self) -> Iterator[str]:
        """All lines, in order of their keys."""
        self._run.sort()
        for _, line in heapq.merge(*(_read(file) for file in self._files), self._run):
            yield line

    def _spill(self) -> None:
        file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115 closed with us
        self._open.enter_context(file)
        self._run.sort()
        for key, line in self._run:
            file.write(f"{json.dumps(key)}\t{line}\n")
        file.seek(0)
        self._files.append(file)
        self._run, self._size = [], 0


def _read(file: IO[str]) -> Iterator[tuple[Key, str]]:
    for text in file:
        key, _, line = text.rstrip("\n").partition("\t")
        yield tuple(json.loads(key)), line
