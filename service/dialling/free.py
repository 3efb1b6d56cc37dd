"""Who can take a call at an instant, by what the PBX tells of his queues, his phone and his calls. Pure.

Free is: logged in to some queue, paused in none but by ourselves, not in wrap-up, no phone of his ringing and none in a
call, and a phone that can be dialled. Who is away by shifts and leave is asked elsewhere. In doubt nobody is free: a
customer who is put through to nobody is worse than an agent who waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.people.devices import Assignment, extension_of
from service.desk.phones import is_phone
from service.live.parts import ringing
from telephony.calls.facts import AgentStateFact, Direction, OfferingFact, OfferingOutcome, State
from telephony.calls.record import CallRecord
from telephony.dialling.held import REASON

AgentOf = Callable[[str, str, datetime], str]
"""(interface, device, when) -> who that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of the floor. `phones` and `talked` as `service.live.current.Current` keeps them."""

    states: Iterable[AgentStateFact]
    records: Iterable[CallRecord]
    phones: Mapping[str, str]
    talked: Mapping[str, datetime]
    assignments: Iterable[Assignment]
    agent_of: AgentOf
    wrap_up: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An agent at a phone of a PBX who could take a call, and since when."""

    pbx: str
    agent: str
    device: str
    since: datetime


def free_seats(around: Around, now: datetime) -> list[Seat]:
    """Everybody who is free, once for each PBX, by PBX and number."""
    busy = _Busy(around)
    phones = Phones(around.phones, around.assignments, now)
    states: defaultdict[tuple[str, str], list[AgentStateFact]] = defaultdict(list)
    for state in around.states:
        device = phones.of(state.interface)
        states[state.pbx, around.agent_of(state.interface, device or state.interface, now)].append(state)
    seats = (_seat(key, told, phones, around, now) for key, told in sorted(states.items()))
    return [each for each in seats if each is not None and not busy.has(each)]


def _seat(
    key: tuple[str, str], states: list[AgentStateFact], phones: Phones, around: Around, now: datetime
) -> Seat | None:
    """Where he could be called; None where his queues say that he is not to be, or he has no phone."""
    if any(_keeps_away(each, around.wrap_up, now) for each in states):
        return None
    logins = sorted((each for each in states if each.state is State.LOGGED_IN), key=lambda each: each.interface)
    device = next((found for each in logins if (found := phones.of(each.interface))), None)
    if device is None:
        return None
    since = max(min(each.started_at for each in logins), around.talked.get(device, logins[0].started_at))
    return Seat(pbx=key[0], agent=key[1], device=device, since=since)


def _keeps_away(state: AgentStateFact, wrap_up: timedelta, now: datetime) -> bool:
    """AMI says nothing at a wrap-up's end: it is over when its time is."""
    if state.state is State.WRAP_UP:
        return state.started_at + wrap_up > now
    return state.state is State.PAUSED and state.reason != REASON


class Phones:
    """The phone behind an interface: of a Local channel the one that it was seen to ring, else the mapping's."""

    def __init__(self, seen: Mapping[str, str], assignments: Iterable[Assignment], now: datetime) -> None:
        self._seen = seen
        self._known = {
            extension_of(each.interface): each.interface
            for each in assignments
            if is_phone(each.interface) and _holds(each, now)
        }

    def of(self, interface: str) -> str | None:
        """None where nobody knows."""
        if is_phone(interface):
            return interface
        seen = self._seen.get(interface)
        return seen if seen and is_phone(seen) else self._known.get(extension_of(interface))


def _holds(each: Assignment, now: datetime) -> bool:
    after = each.valid_from is None or each.valid_from <= now
    return after and (each.valid_to is None or now < each.valid_to)


class _Busy:
    """Who is in a call that goes on: rings, has answered, talks, listens in, or dials himself."""

    def __init__(self, around: Around) -> None:
        self._agents: set[str] = set()
        self._devices: set[str] = set()
        self._extensions: set[tuple[str, str]] = set()
        for record in around.records:
            if record.call.ended_at is None:
                self._note(record, around.agent_of)

    def has(self, seat: Seat) -> bool:
        """Whether he, or the phone at which he sits, is in a call."""
        dials = (seat.pbx, extension_of(seat.device)) in self._extensions
        return dials or seat.agent in self._agents or seat.device in self._devices

    def _note(self, record: CallRecord, agent_of: AgentOf) -> None:
        told = [
            *((each.interface, each.device, each.started_at) for each in record.talks if each.ended_at is None),
            *((each.interface, each.device, each.offered_at) for each in _in_hand(record)),
        ]
        for interface, device, at in told:
            self._agents.add(agent_of(interface, device, at))
            self._devices.add(device)
        call = record.call
        if call.direction is not Direction.INBOUND and call.caller and call.answered_at is None:
            # Until it is answered nothing else tells that he dials; from then on his talk does.
            self._extensions.add((call.pbx, call.caller))


def _in_hand(record: CallRecord) -> list[OfferingFact]:
    """Phones that ring, and those that have answered and are not bridged yet."""
    talked = {(each.device, each.started_at) for each in record.talks}
    answered = [
        each
        for each in record.offerings
        if each.outcome is OfferingOutcome.ANSWERED
        and each.ended_at is not None
        and not any(device == each.device and at >= each.offered_at for device, at in talked)
    ]
    return [*ringing(record), *answered]
