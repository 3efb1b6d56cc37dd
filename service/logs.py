"""Logging: structlog to stderr, one line an event. Numbers and names of customers are never logged."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog


class _Lines:
    """Writes a line an event. Whoever listened to our words may be gone (a closed terminal): that stops no work."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def msg(self, message: str) -> None:
        """One line."""
        with suppress(OSError, ValueError):
            self._out.write(message + "\n")
            self._out.flush()

    debug = info = warning = error = critical = exception = log = msg


def set_up_logs(stream: TextIO | None = None, *, verbose: bool = False, json: bool = False) -> None:
    """Coloured on a terminal, `key=value` elsewhere, or JSON. Called once, by a command that serves."""
    out = stream or sys.stderr
    # A tick that is skipped since the one before goes on is no news: the next one does its work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    renderer: structlog.typing.Processor
    if json:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    elif out.isatty():
        renderer = structlog.dev.ConsoleRenderer(colors=True)
    else:
        renderer = structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], bool_as_flag=False
        )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=lambda *names: _Lines(out),
        cache_logger_on_first_use=False,
    )
