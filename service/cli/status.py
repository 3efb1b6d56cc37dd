"""`threerings status`: how far listening, analysing and storing have come, for each PBX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from analytics.storage.engine import open_store
from analytics.storage.queries import load_position
from analytics.storage.recording_work import standing
from config.settings import Settings, shown_url
from service.cli import context, options
from service.cli.output import print_json, print_line, print_table
from service.cli.recording_words import recording_words
from service.cli.recordings_work import queue_json
from service.cli.words import Words, words
from service.errors import CheckFailedError
from service.pipeline.analysis import journal_folder
from service.pipeline.locks import is_locked
from service.pipeline.quarantine import count_refused, quarantine_path
from service.recordings.places import roots_of
from telephony.calls.record import instant
from telephony.clock import SystemClock
from telephony.errors import JournalError
from telephony.journal.reader import positions, read


def status(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """Show what listens, what is durable and what is stored. Exit status 1 if a listener does not run."""
    settings = context.need(config)
    found: dict[str, Any] = {
        "data_dir": str(settings.data_dir),
        "database": shown_url(settings.database_url),
        "pbxs": [_pbx(settings, pbx.name) for pbx in settings.pbxs],
        "recordings": _recordings(settings) if roots_of(settings) else None,
    }
    if json:
        print_json(found)
    else:
        word = words(context.language_of(settings, lang)).get
        columns = (
            "pbx",
            "listening",
            "analysing",
            "journal_seq",
            "stored_seq",
            "behind",
            "quarantined",
            "last_heard_at",
        )
        print_line(f"{found['data_dir']}  {found['database']}")
        rows = ([each[name] for name in columns] for each in found["pbxs"])
        print_table(None, [word(name) for name in columns], rows, numbers=[3, 4, 5, 6])
        if found["recordings"] is not None:
            print_line(_queue_line(found["recordings"], recording_words(context.language_of(settings, lang))))
    deaf = [each["pbx"] for each in found["pbxs"] if not each["listening"]]
    if deaf:
        raise CheckFailedError(f"{', '.join(deaf)}: found no listener at work, expected one")


def _pbx(settings: Settings, pbx: str) -> dict[str, Any]:
    folder = journal_folder(settings.data_dir)
    last_seq, last_heard = _journal(folder, pbx)
    stored = _stored(settings, pbx)
    return {
        "pbx": pbx,
        "listening": is_locked(folder / f"{pbx}.lock"),
        "analysing": is_locked(settings.data_dir / f"analyser-{pbx}.lock"),
        "journal_seq": last_seq,
        "stored_seq": stored,
        "behind": None if last_seq is None or stored is None else last_seq - stored,
        "quarantined": count_refused(quarantine_path(settings.data_dir, pbx)),
        "last_heard_at": last_heard,
    }


def _journal(folder: Path, pbx: str) -> tuple[int | None, str | None]:
    try:
        found = positions(folder, pbx)
        if not found:
            return None, None
        last = found[-1].last_seq
        newest = list(read(folder, pbx, after_seq=last - 1))
    except JournalError:
        return None, None
    return last, instant(newest[-1].received_at) if newest else None


def _recordings(settings: Settings) -> dict[str, Any] | None:
    """How the queue of what is to be listened to stands; None where that cannot be read."""
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            return queue_json(standing(connection, SystemClock().now()))
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _queue_line(queue: dict[str, Any], word: Words) -> str:
    told = "  ".join(f"{word.get(name)}: {queue[name]}" for name in ("waiting", "working"))
    return f"{word.get('recordings')}: {told}  {word.get('given_up')}: {queue['failed']}"


def _stored(settings: Settings, pbx: str) -> int | None:
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            position = load_position(connection, pbx)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()
    return position[0] if position else None
