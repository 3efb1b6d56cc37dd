"""Acts on calls that go on: listening in, and hanging up. Over the same object as the acts on queues."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from service.acting import finding
from service.acting.acting import Acting
from service.acting.actors import Stage
from service.acting.records import Deed, HiddenError, ImpossibleError, Outcome, Report, Who, Why
from service.acting.sending import asked, send
from service.auth.rights import Right
from service.live.parts import open_talks
from telephony.acting import orders
from telephony.acting.channels import Up, leg_up, to_hang_up
from telephony.acting.orders import RING, Ear
from telephony.calls.facts import TalkFact
from telephony.calls.record import CallRecord
from telephony.clock import milliseconds

EARS = {Deed.LISTEN: Ear.LISTEN, Deed.WHISPER: Ear.WHISPER, Deed.BARGE: Ear.BARGE}
MAX_REASON = 200
LONGEST = timedelta(hours=4).total_seconds()
BUSY = frozenset({"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"})
AWAY = frozenset({"INVALID", "UNAVAILABLE", ""})


class Calls:
    """Listens to calls and ends them."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting

    async def listen(self, who: Who, deed: Deed, agent: str, phone: str = "") -> Report:
        """Ring the supervisor's phone, and let it hear the agent's call. `phone`: his extension, if it is not known."""
        self._acting.need(who, deed, agent)
        record, talk, stage = self._talk(agent)
        place = self._acting.place(stage)
        if phone:
            device = finding.phone_at(phone, place)
        elif who.visitor.agent:
            device = finding.device_of_agent(who.visitor.agent, place)
        else:
            raise ImpossibleError(Why.NO_PHONE)
        if device == talk.device or any(each.device == device for each in open_talks(record)):
            raise ImpossibleError(Why.OWN_CALL, device)
        await self._check_phone(stage, device)
        heard = leg_up(await asked(stage, stage.actor.channels), finding.leg_of(talk, stage.pbx))
        if heard is None:
            raise ImpossibleError(Why.CALL_OVER)

        async def work() -> Report:
            return await self._ring(who, deed, agent, record.call.id, stage, device, heard)

        return await self._acting.one_at_a_time(f"phone {device}", work)

    async def listen_to(self, who: Who, deed: Deed, call_id: str, phone: str) -> Report:
        """The same, of a call: to the agent who talks in it, the newest where there are several."""
        records = [each for each in self._acting.hub.current.open_records() if call_id in _ids(each)]
        agents = [agent for each in records for agent in self._agents(each) if each.call.ended_at is None]
        if not agents:
            raise ImpossibleError(Why.CALL_OVER)
        return await self.listen(who, deed, agents[-1], phone)

    async def hang_up(self, who: Who, call_id: str, reason: str) -> Report:
        """End a call that goes on. What its end is to the figures is decided as for any other."""
        record = self._seen(who, call_id)
        why = self._acting.checked(reason, MAX_REASON)
        stage = self._stage(record)
        if not stage.hangs_up:
            raise ImpossibleError(Why.NOT_ALLOWED, stage.pbx)
        agent = self._agents(record)[:1]

        async def work() -> Report:
            return await self._end(who, record, agent[0] if agent else "", stage, why)

        return await self._acting.one_at_a_time(record.call.id, work)

    def call_of(self, who: Who, call_id: str) -> CallRecord:
        """A call that goes on, which this person may end. Raises HiddenError."""
        return self._seen(who, call_id)

    # -- parts ----------------------------------------------------------------------------

    def _talk(self, agent: str) -> tuple[CallRecord, TalkFact, Stage]:
        hub = self._acting.hub
        found = finding.talk_of(hub.current.open_records(), agent, hub.agent_of)
        if found is None:
            raise ImpossibleError(Why.NOT_TALKING)
        return (*found, self._stage(found[0]))

    def _stage(self, record: CallRecord) -> Stage:
        stage = self._acting.stages.get(record.call.pbx)
        if stage is None:
            raise ImpossibleError(Why.NO_PBX, record.call.pbx)
        return stage

    def _seen(self, who: Who, call_id: str) -> CallRecord:
        if Right.HANG_UP not in who.visitor.rights:
            raise HiddenError
        records = self._acting.hub.current.open_records()
        found = next((each for each in records if call_id in _ids(each)), None)
        if found is None or found.call.ended_at is not None:
            raise ImpossibleError(Why.CALL_OVER) if who.seen.everything else HiddenError
        if not who.seen.call(self._agents(found), [each.queue for each in found.visits]):
            raise HiddenError
        return found

    def _agents(self, record: CallRecord) -> list[str]:
        hub = self._acting.hub
        talks = ((each.interface, each.device, each.started_at) for each in open_talks(record))
        rings = ((e.interface, e.device, e.offered_at) for e in record.offerings if e.ended_at is None)
        return [hub.agent_of(*each) for each in (*talks, *rings)]

    async def _check_phone(self, stage: Stage, device: str) -> None:
        state = await asked(stage, lambda: stage.actor.device_state(device))
        if state in AWAY:
            raise ImpossibleError(Why.PHONE_AWAY, device)
        if state in BUSY:
            raise ImpossibleError(Why.PHONE_BUSY, device)

    async def _ring(
        self, who: Who, deed: Deed, agent: str, call_id: str, stage: Stage, device: str, heard: Up
    ) -> Report:
        acting, witness = self._acting, self._acting.witness
        rung, heard_before = witness.rung(stage.pbx, device), witness.heard(stage.pbx, device)
        report = _begun(acting, deed, agent, call_id)
        details = {"phone": device}
        await acting.notes.before(who, report, **details)
        failed, words = await send(stage, orders.listen(device, heard, EARS[deed], shown=_shown(deed, agent)))
        if failed is None:
            rings = await witness.sees(lambda: bool(witness.rung(stage.pbx, device).keys() - rung.keys()))
            failed = Outcome.RINGS if rings else Outcome.UNPROVEN
        report = replace(report, outcome=failed, words=words)
        await acting.notes.after(who, report, **details)
        if failed is Outcome.RINGS:
            acting.notes.later(self._follow(who, report, stage, device, frozenset(heard_before)))
        return report

    async def _follow(self, who: Who, report: Report, stage: Stage, device: str, before: frozenset[str]) -> None:
        """Until he has heard, or has not answered: the audit says for how long."""
        witness, notes = self._acting.witness, self._acting.notes

        def new() -> list[TalkFact]:
            return [each for key, each in witness.heard(stage.pbx, device).items() if key not in before]

        if not await witness.sees(lambda: bool(new()), RING.total_seconds() + witness.within):
            await notes.after(who, replace(report, outcome=Outcome.NOTHING), phone=device)
            return
        await witness.sees(lambda: all(each.ended_at is not None for each in new()), LONGEST)
        spans = [(each.ended_at or self._acting.now()) - each.started_at for each in new()]
        seconds = f"{sum(milliseconds(each) for each in spans) / 1000:.0f}"
        await notes.after(who, replace(report, outcome=Outcome.DONE), phone=device, seconds=seconds)

    async def _end(self, who: Who, record: CallRecord, agent: str, stage: Stage, why: str) -> Report:
        acting, call = self._acting, record.call
        up = await asked(stage, stage.actor.channels)
        legs = (leg_up(up, finding.leg_of(each, stage.pbx)) for each in open_talks(record))
        linkedid = next((each.linkedid for each in legs if each is not None), call.linkedid)
        channels = to_hang_up(up, linkedid)  # after a transfer channels bear another's
        if not channels:
            raise ImpossibleError(Why.CALL_OVER)
        report = _begun(acting, Deed.HANG_UP, agent, call.id)
        await acting.notes.before(who, report, reason=why)
        failed, words = await send(stage, orders.hang_up(channels[0]))
        for each in channels[1:] if failed is None else ():
            await send(stage, orders.hang_up(each))  # most have ended with the first
        if failed is None:
            over = await acting.witness.sees(lambda: acting.witness.is_over(call.id))
            failed = Outcome.DONE if over else Outcome.UNPROVEN
        report = replace(report, outcome=failed, words=words)
        await acting.notes.after(who, report, reason=why)
        return report


def _ids(record: CallRecord) -> tuple[str, ...]:
    return (record.call.id, *record.call.alias_ids)


def _begun(acting: Acting, deed: Deed, agent: str, call_id: str) -> Report:
    return Report(
        id=secrets.token_hex(8), at=acting.now(), deed=deed, agent=agent, subject=call_id, outcome=Outcome.UNKNOWN
    )


def _shown(deed: Deed, agent: str) -> str:
    """What the supervisor's phone shows: whom he will hear. An agent's id is no number of a customer."""
    kept = "".join(each for each in agent if each.isascii() and (each.isalnum() or each in "-_."))[:32]
    return f'"{deed.value.capitalize()} {kept}" <{kept}>'
