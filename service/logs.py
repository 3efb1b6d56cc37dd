"""Logging: structlog to stderr, one line an event. Numbers and names of customers are never logged."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog


def set_up_logs(stream: TextIO | None = None, *, verbose: bool = False) -> None:
    """Coloured on a terminal, `key=value` elsewhere. Called once, by a command that serves."""
    out = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=True)
        if out.isatty()
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
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
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
