"""What a crash broke off is finished at the next start, in a thread of its own."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.destroying.carrying import Carrier
from service.destroying.errors import DestructionError


class Resumer:
    """Goes on with the lists that were begun, once."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._thread = threading.Thread(target=self._go_on, name="destroying", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self, timeout: float) -> None:
        """Until it came to its end, at most so many seconds."""
        self._thread.join(timeout)

    def stop(self, timeout: float) -> None:
        """Let go after the file at hand."""
        self._carrier.stop()
        self._thread.join(timeout)

    def _go_on(self) -> None:
        try:
            for list_id in self._carrier.go_on():
                structlog.get_logger("service.destroying").info("destruction.resumed", list=list_id)
        except (SQLAlchemyError, DestructionError) as error:
            # The next start, or whoever carries out by the command, comes to its end.
            structlog.get_logger("service.destroying").error("destruction.broken_off", error=type(error).__name__)
