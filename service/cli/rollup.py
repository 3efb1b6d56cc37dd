"""`threerings rollup`: sums of whole days, months and years, made anew where facts changed."""

from __future__ import annotations

import time

from sqlalchemy import Connection

from analytics.people.people_store import with_people
from analytics.sources import figures_of
from analytics.storage.engine import open_store
from analytics.storage.queries import StoredFacts
from analytics.storage.rolling import Progress, roll_up
from service.cli import context, options
from service.cli.output import print_json, print_line, print_note
from service.cli.words import words
from service.migrations import upgrade
from telephony.clock import SystemClock

NOTE_SECONDS = 2.0


def rollup(
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Roll up all days that are over and not rolled up yet; the service does the same while it runs."""
    settings = context.need(config)
    plain = context.policy_of(settings, None)
    writing = open_store(settings.database_url)
    reading = open_store(settings.database_url, reads_only=True)
    began = time.monotonic()
    try:
        upgrade(writing)
        with reading.connect() as connection:
            policy = with_people(connection, plain)

        def source_of(connection: Connection) -> StoredFacts:
            return figures_of(connection, policy)

        now = SystemClock().now()
        days = roll_up(reading, writing, policy, now, source_of=source_of, told=_Noting().note)
    finally:
        reading.dispose()
        writing.dispose()
    seconds = round(time.monotonic() - began, 1)
    if json:
        print_json({"days": days, "seconds": seconds})
    else:
        word = words(context.language_of(settings, lang)).get
        print_line(f"{word('days_rolled_up')}: {days}  ({seconds} s)")


class _Noting:
    """Says now and then how far it has come."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def note(self, progress: Progress) -> None:
        """A day was rolled up."""
        if time.monotonic() - self._since >= NOTE_SECONDS:
            self._since = time.monotonic()
            print_note(f"{progress.day}  {progress.done}/{progress.of}")
