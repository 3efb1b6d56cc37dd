"""The other end of an ear: asks it for a file, waits no longer than that may take, begins a new one where it died."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from service.recordings.tasks import Answer, Task, passing

FILES_OF_ONE = 500
"""An ear gives way to a fresh one after so many files: what a library lost of its memory comes back."""

LOOK_SECONDS = 0.5
_MODULE = "service.recordings.ear"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class LetGoError(Exception):
    """The file is not to be listened to any more: it is another's, or all ends."""


class Ear:
    """One process that listens. One thread uses it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._asked = 0

    @property
    def pid(self) -> int | None:
        """Of the process that listens; None where there is none now."""
        return None if self._process is None else self._process.pid

    def ask(self, task: Task, *, patience: float, keep: Callable[[], bool]) -> Answer:
        """What is heard in a file. A process that dies, or needs more than `patience` seconds, is an answer too.

        keep: says every half a second whether to go on. Raises LetGoError where it says no.
        """
        pipe = self._ready()
        begun = time.monotonic()
        try:
            pipe.send(task)
            while not pipe.poll(LOOK_SECONDS):
                if time.monotonic() - begun > patience:
                    self.close()
                    return passing(f"found no end after {patience:.0f} s, expected to have heard it")
                self._go_on(keep)
            answer: Answer = pipe.recv()
        except (EOFError, OSError):
            return passing(f"found that it ended the process that listened ({self._end()}), expected an answer")
        return answer

    def _go_on(self, keep: Callable[[], bool]) -> None:
        if not keep():
            self.close()
            raise LetGoError

    def _ready(self) -> Connection:
        if self._asked >= FILES_OF_ONE:
            self.close()
        self._asked += 1
        if self._pipe is None:
            self._pipe, theirs = Pipe()
            order = [sys.executable, "-m", _MODULE, str(theirs.fileno())]
            environ = {**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            # Our own interpreter and our own module.
            # What a library says of a file on its own is no line of our log: the answer says it.
            self._process = subprocess.Popen(  # noqa: S603
                order, pass_fds=(theirs.fileno(),), env=environ, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            theirs.close()
        return self._pipe

    def close(self) -> None:
        """End the process at once, whatever it is at."""
        self._end()

    def _end(self) -> str:
        """End it; how it had ended."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        self._asked = 0
        if pipe is not None:
            pipe.close()
        if process is None:
            return "it was not there"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # it may be dying: its own end tells more than ours
        process.kill()
        status = process.wait()
        return f"signal {-status}" if status < 0 else f"status {status}"
