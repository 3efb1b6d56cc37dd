"""`threerings recordings work | status | retry | again`: the queue of what is to be listened to."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from analytics.recordings.conditions import FileCondition
from analytics.recordings.listening import VERSION
from analytics.storage.recording_again import count_conditions, count_orphan_recordings, files_by_id, measure_again
from analytics.storage.recording_work import Failure, Priority, Standing, failures, retry, standing
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_json, print_line, print_note, print_table
from service.cli.recording_words import clock, recording_words
from service.cli.recordings_find import finder_of, stores_of
from service.cli.store import store_of
from service.cli.words import Words
from service.errors import UsageError
from service.migrations import upgrade
from service.recordings.again import look_again
from service.recordings.crew import Crew
from service.recordings.places import limits_by, roots_of
from service.recordings.working import Outcome, Step
from telephony.calls.record import instant
from telephony.clock import SystemClock

NOTE_SECONDS = 2.0
STOP_SECONDS = 5.0
SHARE = 50
"""So many times as long as counting the queue takes nothing is said."""
SHOWN = 20

WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, max=64, help="Processes that listen. Default: one a processor.")
]
UntilEmptyOption = Annotated[bool, typer.Option("--until-empty", help="End once nothing is due.")]
FilesArgument = Annotated[list[int] | None, typer.Argument(metavar="[FILE]…", help="Ids of files.")]
AllOption = Annotated[bool, typer.Option("--all", help="All that were given up or are broken.")]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="Older than this. Default: the way of this program.")
]


def work(
    workers: WorkersOption = None,
    until_empty: UntilEmptyOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Listen to what is queued, beside the service or on another machine, until Ctrl-C."""
    settings = context.need(config)
    word = recording_words(context.language_of(settings, lang))
    roots = roots_of(settings)
    if not roots:
        raise UsageError("recordings work: found no [pbx.NAME.logs] recordings, expected a folder in the settings")
    with store_of(settings):
        pass  # brought to our schema
    policy = context.policy_of(settings, None)
    progress = _Progress(word)
    crew = Crew(
        settings.database_url, roots, workers or os.cpu_count() or 1, SystemClock().now,
        limits=limits_by(lambda: policy), patience=60.0 * settings.recordings.file_minutes,
        until_empty=until_empty, told=progress.take,
    )  # fmt: skip
    try:
        with _stopped_by_signal():
            crew.start()
            while crew.at_work:
                crew.wait(NOTE_SECONDS)
                progress.note(crew)
    except KeyboardInterrupt:
        print_note(word.get("stopped"))
        raise
    finally:
        told = progress.told(crew)
        crew.stop(STOP_SECONDS)
        _print_work(told, word, json=json)


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """A service manager's SIGTERM ends us as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Progress:
    """What was done, and how long the rest will take."""

    def __init__(self, word: Words) -> None:
        self._word = word.get
        self._began = self._noted = time.monotonic()
        self._faults: list[dict[str, Any]] = []
        self._cost = 0.0

    def take(self, step: Step) -> None:
        """One file was worked on."""
        if step.file is not None and step.outcome in (Outcome.BROKEN, Outcome.LATER, Outcome.GIVEN_UP):
            fault = {"file": step.file.id, "path": step.file.path, "outcome": step.outcome.value, "why": step.why}
            self._faults.append(fault)

    def note(self, crew: Crew) -> None:
        """Say how it stands; seldom, for it is counted."""
        begun = time.monotonic()
        if begun - self._noted < max(NOTE_SECONDS, SHARE * self._cost):
            return
        told = self.told(crew)
        self._noted = time.monotonic()
        self._cost = self._noted - begun
        left = clock(None if told["left_seconds"] is None else round(told["left_seconds"] * 1000)) or "–"
        words = (
            f"{self._word('done')} {told['done']}", f"{self._word('broken')} {told['broken']}",
            f"{self._word('waiting')} {told['waiting']}", f"× {told['times_real_time'] or 0:.0f}",
            f"{self._word('left')} {left}",
        )  # fmt: skip
        print_note("  ".join(words))

    def told(self, crew: Crew) -> dict[str, Any]:
        """All of it; `left_seconds` at the speed until now, null before anything was heard."""
        seconds = time.monotonic() - self._began
        with crew.reading.connect() as connection:
            stands = standing(connection, SystemClock().now())
        heard = crew.tally.heard_ms / 1000
        speed = heard / seconds if heard and seconds else None
        counts = {each.value: crew.tally.outcomes[each] for each in Outcome if each is not Outcome.IDLE}
        return {
            **counts,
            "seconds": round(seconds, 3),
            "heard_seconds": round(heard, 3),
            "times_real_time": speed and round(speed, 1),
            "files_per_second": round(sum(counts.values()) / seconds, 3) if seconds else None,
            "waiting": stands.waiting,
            "failed": stands.failed,
            "left_seconds": round(stands.waiting_ms / 1000 / speed, 1) if speed else None,
            "faults": self._faults[:1000],
        }


def _print_work(told: dict[str, Any], word: Words, *, json: bool) -> None:
    if json:
        print_json(told)
        return
    heads = ("done", "broken", "later", "given_up", "waiting", "seconds", "times_real_time")
    print_table(None, [word.get(name) for name in heads], [[told[name] for name in heads]], numbers=range(7))
    for each in told["faults"][:SHOWN]:
        print_line(f"{each['file']}  {each['path']}: {each['why']}")


def status(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """Show how many files there are in each condition, how the queue stands, and what was given up."""
    settings = context.need(config)
    writing, reading = stores_of(settings)
    try:
        upgrade(writing)
        with reading.connect() as connection:
            counted = count_conditions(connection)
            stands = standing(connection, SystemClock().now())
            given_up = failures(connection, SHOWN)
            unfound = count_orphan_recordings(connection)
    finally:
        reading.dispose()
        writing.dispose()
    files = [
        {"pbx": each.pbx, "condition": each.condition.value, "files": each.files, "orphans": each.orphans,
         "hours": round(each.length_ms / 3_600_000, 3), "megabytes": round(each.size / 1e6, 1)}
        for each in counted
    ]  # fmt: skip
    found = {
        "files": files,
        "queue": queue_json(stands),
        "orphan_recordings": unfound,
        "given_up": _failed(given_up),
    }
    if json:
        print_json(found)
        return
    _print_status(found, stands, recording_words(context.language_of(settings, lang)))


def queue_json(stands: Standing) -> dict[str, Any]:
    """The queue as the commands tell it."""
    return {
        "waiting": stands.waiting,
        "working": stands.working,
        "failed": stands.failed,
        "oldest_at": instant(stands.oldest_at),
        "waiting_seconds": stands.waiting_ms / 1000,
    }


def _failed(given_up: list[Failure]) -> list[dict[str, Any]]:
    return [
        {"file": each.file_id, "pbx": each.pbx, "path": each.path, "tries": each.tries,
         "failed_at": instant(each.failed_at), "why": each.reason}
        for each in given_up
    ]  # fmt: skip


def _print_status(found: dict[str, Any], stands: Standing, word: Words) -> None:
    heads = ("pbx", "condition", "files", "orphans", "hours", "megabytes")
    rows = [
        [word.get(each[name]) if name == "condition" else each[name] for name in heads] for each in found["files"]
    ]
    print_table(None, [word.get(name) for name in heads], rows, numbers=[2, 3, 4, 5])
    told = (
        ("waiting", stands.waiting), ("working", stands.working), ("given_up", stands.failed),
        ("to_listen", clock(stands.waiting_ms)), ("orphan_recordings", found["orphan_recordings"]),
    )  # fmt: skip
    print_line("  ".join(f"{word.get(name)}: {value}" for name, value in told))
    for each in found["given_up"]:
        print_line(f"{each['file']}  {each['path']}: {each['why']}")


def retry_(
    files: FilesArgument = None,
    every: AllOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Try again what was given up, and look again at what was broken; named, or all."""
    settings = context.need(config)
    if bool(files) is every:
        raise UsageError("recordings retry: found both or neither of FILE and --all, expected one of them")
    with store_of(settings) as connection:
        known = {each.id for each in files_by_id(connection, files or ())}
        unknown = sorted(set(files or ()) - known)
        if unknown:
            raise UsageError(f"FILE: found no file of the id {unknown[0]}, expected one of `recordings list`")
        wanted = retry(connection, SystemClock().now(), files or None)
    with finder_of(settings) as finder:
        looked = look_again(finder, FileCondition.BROKEN, frozenset(files) if files else None)
    if json:
        print_json({"wanted": wanted, "looked_at": looked})
    else:
        word = recording_words(context.language_of(settings, lang)).get
        print_line(f"{word('wanted_again')}: {wanted}  {word('looked_at_again')}: {looked}")


def again(
    version: VersionOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Queue what was measured by an earlier version of the program, or never, after everything else."""
    settings = context.need(config)
    count = _queue_again(settings, VERSION if version is None else version)
    if json:
        print_json({"wanted": count})
    else:
        word = recording_words(context.language_of(settings, lang)).get
        print_line(f"{word('wanted_again')}: {count}")


def _queue_again(settings: Settings, version: int) -> int:
    """A transaction for some hundred each, so that nobody waits for all."""
    count, last = 0, 0
    while True:
        with store_of(settings) as connection:
            ids = measure_again(connection, version, last, Priority.ARCHIVE, SystemClock().now())
        if not ids:
            return count
        count, last = count + len(ids), ids[-1]
