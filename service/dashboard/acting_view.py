"""What may be done to an agent or a call now, by whoever looks, in words for the templates. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from service.acting.records import Deed
from service.acting.rooms import Queue
from service.auth.rights import Right, Visitor
from service.dashboard import labels, numerals
from service.dashboard.acting_words import VERBS
from service.dashboard.words import Words
from telephony.acting.seats import Standing

OWN_PAUSES = ("lunch", "break", "training", "meeting")
EARS = ((Deed.LISTEN, "ear"), (Deed.WHISPER, "mic"), (Deed.BARGE, "users"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An agent as he stands now. `call`: the id of the call that he is in, '' for none; since: when that talk began."""

    agent: str
    name: str
    is_paused: bool
    call: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue as he may be moved in it. `move`: put in, take out, or '' where his place is configured."""

    name: str
    move: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One act: where it posts to, its verb, its icon."""

    action: str
    verb: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Everything that may be done to one agent now."""

    agent: str
    name: str
    path: str
    release: Button | None  # he is paused: let him go on
    reasons: tuple[tuple[str, str], ...]  # why he may be paused: as the PBX keeps it, and in words
    ears: tuple[Button, ...]
    queues: tuple[QueueLine, ...]
    queues_note: str  # why there are none
    hang_up: str  # the address that asks, '' where he may not or there is no call
    lasts: str  # how long he talks

    @property
    def is_empty(self) -> bool:
        """Whether nothing may be done."""
        return not (self.release or self.reasons or self.ears or self.queues or self.queues_note or self.hang_up)


def menu_of(
    words: Words, subject: Subject, visitor: Visitor, path: str, queues: Iterable[Queue], note: str, now: datetime
) -> Menu:
    """The menu of one agent. `path` is that of his acts."""
    moves = Right.AGENTS in visitor.rights
    hears = Right.SPY in visitor.rights and bool(subject.call)
    ends = Right.HANG_UP in visitor.rights and bool(subject.call)
    release = _button(words, path, Deed.UNPAUSE, "play")
    return Menu(
        agent=subject.agent,
        name=subject.name,
        path=path,
        release=release if moves and subject.is_paused else None,
        reasons=reasons(words) if moves and not subject.is_paused else (),
        ears=tuple(_button(words, path, deed, icon) for deed, icon in EARS) if hears else (),
        queues=tuple(_line(words, each) for each in queues) if moves else (),
        queues_note=note if moves else "",
        hang_up=ask_path(subject.call) if ends else "",
        lasts="" if subject.since is None else numerals.clock(numerals.elapsed_ms(subject.since, now)),
    )


def ask_path(call_id: str) -> str:
    """Where it is asked whether a call is to be ended."""
    return f"/acts/calls/{quote(call_id)}"


def reasons(words: Words) -> tuple[tuple[str, str], ...]:
    """Why an agent may be paused."""
    return tuple((each, words.gettext(labels.PAUSE_REASONS[each])) for each in OWN_PAUSES)


def _button(words: Words, path: str, deed: Deed, icon: str) -> Button:
    return Button(action=f"{path}/{deed.value}", verb=words.gettext(VERBS[deed]), icon=icon)


def _line(words: Words, queue: Queue) -> QueueLine:
    if queue.standing is None:
        return QueueLine(name=queue.name, move=Deed.ADD.value, note="")
    if queue.standing is Standing.DYNAMIC:
        return QueueLine(name=queue.name, move=Deed.REMOVE.value, note=words.gettext("member"))
    return QueueLine(name=queue.name, move="", note=words.gettext("member by configuration"))
