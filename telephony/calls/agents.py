"""What agents' interfaces do apart from calls: logged in, paused, in wrap-up.

Ringing and talking are offerings and talks; `telephony.calls.states` puts all together. Wrap-up begins when the
agent's leg of a customer's call ends and lasts as long as it was told to; AMI says nothing at its end, so a
deadline does. The next offering, a pause or a logout ends it early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.calls.book import Book
from telephony.calls.facts import AgentStateFact, Fact, State, TalkKind
from telephony.calls.legs import Leg
from telephony.clock import to_microseconds
from telephony.events import Member

CUSTOMER_KINDS = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)


@dataclass(slots=True, eq=False, kw_only=True)
class StateDraft:
    """An interval of a state in the making."""

    interface: str
    member_name: str | None
    state: State
    started_at: datetime
    reason: str | None = None
    queue: str | None = None
    call_id: str = ""
    ended_at: datetime | None = None
    until: datetime | None = None  # it ends by itself then
    revision: int = 0


class Agents:
    """Keeps the open intervals."""

    def __init__(self, book: Book, wrap_up: timedelta) -> None:
        self._book = book
        self._wrap_up = wrap_up
        self._open: dict[tuple[str, State, str | None], StateDraft] = {}
        self._wrapping: dict[str, StateDraft] = {}
        self._dirty: dict[StateDraft, None] = {}

    def member(self, event: Member) -> None:
        """A queue's member came, went, paused or came back."""
        name = event.member_name or None
        if event.what == "removed":
            self._shut(event.interface, State.PAUSED, event.queue)
            self._shut(event.interface, State.LOGGED_IN, event.queue)
            self._end_wrap_up(event.interface)
            return
        self._begin(event.interface, name, State.LOGGED_IN, event.queue, None)
        if event.paused:
            self._begin(event.interface, name, State.PAUSED, event.queue, event.reason or None)
            if event.what == "pause":
                self._end_wrap_up(event.interface)
        else:
            self._shut(event.interface, State.PAUSED, event.queue)

    def offered(self, device: str) -> None:
        """The next offering ends wrap-up."""
        self._end_wrap_up(device)

    def hung_up(self, leg: Leg) -> None:
        """An agent's leg ended; after a customer's call wrap-up begins."""
        if not self._wrap_up:
            return
        talk = next((t for t in reversed(leg.call.talks) if t.leg == leg.uniqueid), None)
        if talk is None or talk.kind not in CUSTOMER_KINDS:
            return
        self._end_wrap_up(leg.device)
        draft = StateDraft(
            interface=talk.interface,
            member_name=talk.member_name,
            state=State.WRAP_UP,
            started_at=self._book.now,
            queue=talk.queue,
            call_id=leg.call.id,
            until=self._book.now + self._wrap_up,
        )
        self._wrapping[leg.device] = draft
        self._dirty[draft] = None

    @property
    def waiting(self) -> bool:
        """Whether anything ends by time alone."""
        return bool(self._wrapping)

    def deadline(self) -> datetime | None:
        """When the next wrap-up ends by itself."""
        return min((d.until for d in self._wrapping.values() if d.until is not None), default=None)

    def tick(self, at: datetime) -> None:
        """End the wrap-ups that are due."""
        due = [device for device, draft in self._wrapping.items() if draft.until is not None and draft.until <= at]
        for device in due:
            draft = self._wrapping.pop(device)
            draft.ended_at = draft.until
            self._dirty[draft] = None

    def flush(self) -> list[Fact]:
        """The intervals that changed."""
        if not self._dirty:
            return []
        facts: list[Fact] = [self._state(draft) for draft in self._dirty]
        self._dirty.clear()
        return facts

    # -- parts --------------------------------------------------------------------------

    def _begin(self, interface: str, name: str | None, state: State, queue: str, reason: str | None) -> None:
        key = (interface, state, queue)
        draft = self._open.get(key)
        if draft is not None:
            if draft.reason == reason or reason is None:
                return
            self._shut(*key)
        draft = StateDraft(
            interface=interface,
            member_name=name,
            state=state,
            started_at=self._book.now,
            reason=reason,
            queue=queue,
        )
        self._open[key] = draft
        self._dirty[draft] = None

    def _shut(self, interface: str, state: State, queue: str | None) -> None:
        draft = self._open.pop((interface, state, queue), None)
        if draft is not None:
            draft.ended_at = self._book.now
            self._dirty[draft] = None

    def _end_wrap_up(self, interface: str) -> None:
        for device, draft in list(self._wrapping.items()):
            if interface in (device, draft.interface):
                del self._wrapping[device]
                draft.ended_at = self._book.now
                self._dirty[draft] = None

    def _state(self, draft: StateDraft) -> AgentStateFact:
        draft.revision += 1
        began = to_microseconds(draft.started_at)
        return AgentStateFact(
            id=f"{self._book.pbx}/{draft.interface}/{draft.state}/{draft.queue or ''}/{began}",
            revision=draft.revision,
            call_id=draft.call_id,
            at=self._book.now,
            pbx=self._book.pbx,
            interface=draft.interface,
            member_name=draft.member_name,
            state=draft.state,
            reason=draft.reason,
            queue=draft.queue,
            started_at=draft.started_at,
            ended_at=draft.ended_at,
        )
