"""What stands around a call on its page: notes, what is owed, other calls, the list it came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from analytics.storage.notes import NoteChange
from config.followups import Result
from schedulers.followups.records import State
from service.auth.rights import Seen
from service.dashboard import campaign_labels, numerals, rows
from service.dashboard.catalogues import marked
from service.dashboard.figures.call_query import OF_FIGURES, CallQuery, read_calls
from service.dashboard.promises.labels import STATES
from service.dashboard.query import EVERYWHERE, QueryError
from service.dashboard.rows import CallRow
from service.dashboard.story.source import Around, Beside, Owed
from service.dashboard.words import Words

FIELDS: dict[str, str] = {
    "code": marked("Service code"),
    "silent": marked("Silent call"),
    "outcome": marked("Outcome"),
}
_LONGEST_LIST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """A follow-up of this call."""

    link: str
    kind: str
    state: str
    due: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """One change of what is said of the call."""

    at: str
    by: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """All that stands around a call."""

    facts: list[tuple[str, str]]
    said: list[SaidRow]
    owed: list[OwedRow]
    others: list[CallRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Links to the neighbours in the list one came from, '' where there is none, and to the list itself."""

    newer: str
    older: str
    back: str


def nearby(words: Words, around: Around) -> Nearby:
    """In the reader's language."""
    silent = None if around.silent is None else _yes(words, around.silent)
    facts = zip(FIELDS.values(), (around.code, silent, around.outcome), strict=True)
    return Nearby(
        facts=[(words.gettext(name), value) for name, value in facts if value],
        said=[_said(words, each) for each in around.said],
        owed=[_owed(words, each) for each in around.owed],
        others=[rows.call_row(words, each) for each in around.others],
    )


def _said(words: Words, each: NoteChange) -> SaidRow:
    before, after = _value(words, each.before), _value(words, each.after)
    what = f"{words.gettext(FIELDS[each.field.value])}: {before} → {after}"
    return SaidRow(at=words.moment(each.at), by=each.by, reason=each.reason or "", what=what)


def _value(words: Words, said: str | bool | None) -> str:
    if said is None:
        return numerals.DASH
    return _yes(words, said) if isinstance(said, bool) else said


def _yes(words: Words, said: bool) -> str:
    return words.gettext("yes") if said else words.gettext("no")


def _owed(words: Words, each: Owed) -> OwedRow:
    how = words.gettext("arose from this call")
    if each.result is not None:
        how = words.gettext(
            "tried by this call: %(how)s", how=words.gettext(campaign_labels.RESULTS[Result(each.result)])
        )
    return OwedRow(
        link=f"/followups/{quote(each.follow_up)}", kind=each.kind_zh if words.chinese else each.kind_en,
        state=words.gettext(STATES[State(each.state)].message), due=words.moment(each.due_at), how=how,
    )  # fmt: skip


# -- the list one came from -----------------------------------------------------------------


def read_list(query: Mapping[str, str], referer: str, today: date, day: date, seen: Seen) -> tuple[CallQuery, str]:
    """The list, and its query: `list=` says it; else the page that led here; else the call's own day.

    The calls behind a figure are stepped through as the list of the figure's days, agent and queue. Raises QueryError
    for a `list=` that is no query of the list.
    """
    told = query.get("list")
    if told is None:
        told = _of_referer(referer)
    else:
        _check(told)
    try:
        return _query(told, today, day, seen)
    except QueryError:
        if "list" in query:
            raise
        return _query("", today, day, seen)


def _of_referer(referer: str) -> str:
    parts = urlsplit(referer)
    return parts.query if parts.path == "/calls" and len(parts.query) <= _LONGEST_LIST else ""


def _check(told: str) -> None:
    if len(told) > _LONGEST_LIST:
        raise QueryError("list", told[:40] + "…", f"a query of at most {_LONGEST_LIST} characters")


def _query(told: str, today: date, day: date, seen: Seen) -> tuple[CallQuery, str]:
    pairs = [(key, value) for key, value in parse_qsl(told) if key not in (*EVERYWHERE, "after") and value]
    if not any(key == "period" for key, _ in pairs):
        pairs.append(("period", (day if not told else today).isoformat()))
    asked = {key: value for key, value in pairs if key not in (*OF_FIGURES, "column")}
    return read_calls(asked, [], today, seen), urlencode(pairs)


def steps(beside: Beside, told: str) -> Steps:
    """The links; each carries the list on."""
    carried = f"?{urlencode({'list': told})}"
    return Steps(
        newer=rows.call_link(beside.newer) + carried if beside.newer else "",
        older=rows.call_link(beside.older) + carried if beside.older else "",
        back=f"/calls?{told}",
    )
