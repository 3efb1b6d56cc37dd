"""Work that comes round: a thread looks, rests and looks again until it is stopped; trouble is said once, and its end.

    class Roller(Rounds):
        def __init__(self, …):
            super().__init__("roller", log="service.roller", said="rollups")
        def look_once(self) -> None: …

`look` does one round in the caller's thread, for who wants no thread: commands and tests.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

import structlog
from sqlalchemy.exc import SQLAlchemyError

REST_SECONDS = 60.0
TROUBLES: tuple[type[Exception], ...] = (SQLAlchemyError, OSError)


class Rounds(ABC):
    """One thread. `said` begins the events of the log: `rollups.failing`, `rollups.go_on`.

    troubles: errors after which the next round tries again; any other ends the thread. wake: sets off a round before
    its time; who is given one may wait for other things by it too.
    """

    def __init__(
        self,
        name: str,
        *,
        log: str,
        said: str,
        rest: float = REST_SECONDS,
        troubles: tuple[type[Exception], ...] = TROUBLES,
        wake: threading.Event | None = None,
    ) -> None:
        self.failing: str | None = None  # the kind of error of the last round, while it fails
        self._said, self._rest, self._troubles = said, rest, troubles
        self._wake = wake or threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._log = structlog.get_logger(log)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """End after what is being done; it takes at most so many seconds to wait for it."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(within)

    def look(self) -> None:
        """One round."""
        try:
            self.look_once()
        except self._troubles as error:
            # A driver's own words may hold a row's values: the kind of error is enough.
            if self.failing is None:
                self._log.error(f"{self._said}.failing", error=type(error).__name__)
            self.failing = type(error).__name__
            return
        if self.failing is not None:
            self._log.warning(f"{self._said}.go_on")
            self.failing = None

    @abstractmethod
    def look_once(self) -> None:
        """Do what is to be done now."""

    def rest(self) -> None:
        """Until the next round, or until it is woken."""
        self._wake.wait(self._rest)

    def _work(self) -> None:
        while True:
            self._wake.clear()
            if self._stopping.is_set():
                return
            self.look()
            self.rest()
