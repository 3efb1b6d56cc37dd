"""Who is meant: the seats of an agent, the phone that he is at, the leg that he talks on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.people.devices import Assignment, extension_of
from service.acting.records import ImpossibleError, Why
from service.desk.phones import is_phone
from service.dialling.free import AgentOf, Phones
from service.live.parts import open_talks
from telephony.acting.seats import Seat
from telephony.calls.facts import TalkFact
from telephony.calls.legs import is_outside
from telephony.calls.record import CallRecord

TECHNOLOGY = "PJSIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of where people sit, at an instant."""

    phones: Mapping[str, str]
    assignments: Iterable[Assignment]
    agent_of: AgentOf
    trunks: tuple[str, ...]
    now: datetime


def seats_of_agent(seats: Iterable[Seat], agent: str, place: Place) -> list[Seat]:
    """The places in queues that are this agent's."""
    behind = Phones(place.phones, place.assignments, place.now)
    return [each for each in seats if _agent_at(each, behind, place) == agent]


def agent_at(seat: Seat, place: Place) -> str:
    """Whose place in a queue this is."""
    return _agent_at(seat, Phones(place.phones, place.assignments, place.now), place)


def _agent_at(seat: Seat, behind: Phones, place: Place) -> str:
    device = behind.of(seat.interface)
    if device is None and is_phone(seat.state_interface):
        device = seat.state_interface
    return place.agent_of(seat.interface, device or seat.interface, place.now)


def device_of_agent(agent: str, place: Place) -> str:
    """The phone of an agent: by the mapping, else where he was seen, else that of his extension."""
    told = [each for each in place.assignments if each.agent == agent and is_phone(each.interface)]
    now = [each for each in told if _holds(each, place.now)]
    if now:
        return now[0].interface
    seen = (
        phone
        for interface, phone in place.phones.items()
        if is_phone(phone) and place.agent_of(interface, phone, place.now) == agent
    )
    return next(seen, f"{TECHNOLOGY}/{agent}")


def phone_at(extension: str, place: Place) -> str:
    """The phone with this extension, for who says where he sits. Raises ImpossibleError for what may lead outside."""
    digits = extension.isascii() and extension.isdigit() and len(extension) <= MAX_EXTENSION
    if not digits or is_outside(extension, "", place.trunks):
        raise ImpossibleError(Why.BAD_PHONE, extension[:MAX_EXTENSION])
    known = [*place.phones.values(), *(each.interface for each in place.assignments)]
    found = (each for each in known if is_phone(each) and extension_of(each) == extension)
    return next(found, f"{TECHNOLOGY}/{extension}")


MAX_EXTENSION = 6
"""Longer ones lead outside."""


def talk_of(records: Iterable[CallRecord], agent: str, agent_of: AgentOf) -> tuple[CallRecord, TalkFact] | None:
    """The talk that an agent is in, the newest where there are several, and its call."""
    found = [
        (record, talk)
        for record in records
        if record.call.ended_at is None
        for talk in open_talks(record)
        if agent_of(talk.interface, talk.device, talk.started_at) == agent
    ]
    return max(found, key=lambda each: each[1].started_at, default=None)


def leg_of(talk: TalkFact, pbx: str) -> str:
    """The unique id of the channel of a talk: its fact is named by it."""
    return talk.id.removeprefix(f"{pbx}/").rpartition("/talk/")[0]


def _holds(each: Assignment, now: datetime) -> bool:
    after = each.valid_from is None or each.valid_from <= now
    return after and (each.valid_to is None or now < each.valid_to)
