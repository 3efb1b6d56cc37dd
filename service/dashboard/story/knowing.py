"""How a call is known, and why so, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from service.dashboard import labels, numerals
from service.dashboard.story.cast import Cast
from service.dashboard.story.picture import logs_text
from telephony.calls.facts import Disposition, Known, RingFrom


def knowing(cast: Cast) -> list[str]:
    """The reasons, the weightiest first."""
    return [*_whole(cast), *_gaps(cast), *_parts(cast)]


def _whole(cast: Cast) -> Iterator[str]:
    call, words, repair = cast.story.record.call, cast.words, cast.story.repair
    match call.known:
        case Known.OBSERVED:
            yield words.gettext("Heard live from its first channel to its last, event by event.")
        case Known.REPAIRED:
            logs = logs_text(repair.sources) if repair and repair.sources else words.gettext("the PBX’s own logs")
            yield words.gettext("A gap touched it, so it was rebuilt whole from %(logs)s.", logs=logs)
        case Known.INFERRED:
            yield words.gettext(
                "Its beginning was not heard, or a gap lies in it, and no log tells it whole: what was missed is not "
                "guessed."
            )
    if repair is not None and repair.before_known:
        yield _before(cast, repair.before_known, repair.before_disposition, repair.before_talk_ms)
    if call.disposition is Disposition.INDETERMINATE:
        yield words.gettext(
            "How it ended is not known: its end was not heard. It counts as neither answered nor lost."
        )


def _before(cast: Cast, known: str, disposition: str | None, talk_ms: int | None) -> str:
    words = cast.words
    how = words.gettext(labels.KNOWN[Known(known)].message)
    ended = words.gettext(labels.DISPOSITIONS[Disposition(disposition)].message) if disposition else numerals.DASH
    return words.gettext(
        "Before the repair: %(how)s, %(ended)s, %(s)s s of talk.", how=how, ended=ended, s=numerals.seconds(talk_ms)
    )


def _gaps(cast: Cast) -> Iterator[str]:
    words = cast.words
    for gap in cast.story.gaps:
        until = words.time(gap.end) if gap.end else words.gettext("now")
        yield words.gettext(
            "The PBX was not heard from %(start)s to %(end)s.", start=words.time(gap.start), end=until
        )


def _parts(cast: Cast) -> Iterator[str]:
    record, words = cast.story.record, cast.words
    if ids := ", ".join(record.call.alias_ids):
        yield words.gettext("Calls that turned out to be one: %(ids)s leads here, too.", ids=ids)
    dialled = [each for each in record.offerings if each.ring_from is RingFrom.DIAL]
    names = dict.fromkeys(cast.of(each).name for each in dialled)
    if names:
        who = ("、" if words.chinese else ", ").join(names)
        yield words.gettext("%(who)s: nothing told that the phone rang; ringing counts from dialling.", who=who)
    if not all(each.hold_known for each in record.talks):
        yield words.gettext("What told of it knows no hold: talk may hold some.")
