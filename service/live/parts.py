"""What goes on in one call, told for the board: its stage, who rings, who talks; and a call as a row. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics.rings import RingResult, counts, judge_offering
from analytics.values_of_facts import of_call, offered
from config.policies import Policy
from service.dashboard.board import CallNow, CallStage, CallSummary, RingingNow
from telephony.calls.facts import Direction, OfferingFact, OfferingOutcome, QueueVisitFact, TalkFact, TalkKind
from telephony.calls.record import CallRecord, ring_time, talk_time
from telephony.clock import milliseconds, to_microseconds

Person = tuple[str, str | None]
"""An agent's id and name."""

PersonOf = Callable[[str, str, datetime], Person]
"""(interface, device, when) -> who that was."""

TALKED_WITH = (TalkKind.CUSTOMER, TalkKind.CONFERENCE, TalkKind.INTERNAL)
PHONE = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells of calls: with this policy, these people."""

    policy: Policy
    person_of: PersonOf

    def now(self, record: CallRecord) -> CallNow:
        """A call that goes on."""
        call = record.call
        stage, since = stage_of(record)
        waiting = open_visit(record)
        talks = open_talks(record)
        queue = waiting.queue if waiting else next((talk.queue for talk in talks if talk.queue), None)
        return CallNow(
            call_id=call.id,
            direction=call.direction,
            party=party_of(record),
            withheld=call.customer_withheld,
            queue=queue,
            queue_name=queue and self.policy.resolve(call.started_at).queue_name(queue),
            stage=stage,
            since=since,
            started_at=call.started_at,
            waiting_since=waiting.joined_at if waiting else None,
            agents=tuple(dict.fromkeys(self._talker(talk) for talk in talks)),
            ringing=tuple(self._ringing(offering, record) for offering in ringing(record)),
            joined_at=waiting.joined_at if waiting else None,
        )

    def summary(self, record: CallRecord, now: datetime) -> CallSummary:
        """A call as a row of a list."""
        call = record.call
        shown = _decisive(record)
        talks = [talk for talk in record.talks if talk.kind in TALKED_WITH]
        waits = [milliseconds((visit.left_at or now) - visit.joined_at) for visit in record.visits]
        queue = record.visits[-1].queue if record.visits else None
        return CallSummary(
            call_id=call.id,
            direction=call.direction,
            party=party_of(record),
            withheld=call.customer_withheld,
            queue=queue,
            queue_name=queue and self.policy.resolve(call.started_at).queue_name(queue),
            agents=tuple(dict.fromkeys(self._talker(talk) for talk in talks)),
            started_at=call.started_at,
            ended_at=call.ended_at,
            disposition=call.disposition,
            wait_ms=sum(waits) if waits else None,
            ring_ms=None if shown is None else milliseconds(ring_time(shown, now)),
            within=None if shown is None else self.within(shown, record, now),
            talk_ms=sum(milliseconds(talk_time(talk, now)) for talk in talks) if talks else None,
            known=call.known,
        )

    def within(self, offering: OfferingFact, record: CallRecord, now: datetime) -> bool | None:
        """Whether it was picked up in time, by the metric's own rule; None where it does not count."""
        person = self.person_of(offering.interface, offering.device, offering.offered_at)
        value = offered(offering, of_call(record.call.id, record.call, offering.offered_at), person[0])
        if not counts(value):
            return None
        limit = self.policy.resolve(offering.offered_at).limit(record.call.trunk)
        result = judge_offering(value, limit // _MICROSECOND, to_microseconds(now))
        if result is RingResult.WITHIN:
            return True
        return False if result in _BLAMED else None

    def _talker(self, talk: TalkFact) -> Person:
        return self.person_of(talk.interface, talk.device, talk.started_at)

    def _ringing(self, offering: OfferingFact, record: CallRecord) -> RingingNow:
        agent, name = self.person_of(offering.interface, offering.device, offering.offered_at)
        rule = self.policy.resolve(offering.offered_at).ring
        trunk = record.call.trunk
        return RingingNow(
            agent=agent,
            name=name,
            ring_at=offering.ring_at,
            cycle_ms=milliseconds(rule.cadence_of(trunk).cycle),
            limit_ms=milliseconds(rule.limit(trunk)),
        )


_MICROSECOND = datetime.resolution
_BLAMED = (
    RingResult.LATE,
    RingResult.NO_ANSWER,
    RingResult.DECLINED,
    RingResult.CALLER_GAVE_UP_LATE,
)


def stage_of(record: CallRecord) -> tuple[CallStage, datetime]:
    """How far a call has come, and since when."""
    talks = open_talks(record)
    if talks:
        holding = [talk.holds[-1].start for talk in talks if talk.holds and talk.holds[-1].end is None]
        if len(holding) == len(talks):
            return CallStage.HOLD, max(holding)
        return CallStage.TALKING, min(talk.started_at for talk in talks)
    alerting = ringing(record)
    visit = open_visit(record)
    if alerting:
        return CallStage.RINGING, min(offering.ring_at for offering in alerting)
    if visit is not None:
        return CallStage.WAITING, visit.joined_at
    return CallStage.MENU, record.call.started_at


def open_talks(record: CallRecord) -> list[TalkFact]:
    """The talks that go on, monitoring left out."""
    return [talk for talk in record.talks if talk.ended_at is None and talk.kind is not TalkKind.MONITOR]


def ringing(record: CallRecord) -> list[OfferingFact]:
    """The phones that alert now."""
    return [offering for offering in record.offerings if offering.ended_at is None]


def open_visit(record: CallRecord) -> QueueVisitFact | None:
    """The queue in which the caller waits."""
    return next((visit for visit in record.visits if visit.left_at is None), None)


def party_of(record: CallRecord) -> str | None:
    """The outside number; of an internal call, who was called."""
    call = record.call
    return call.called if call.direction is Direction.INTERNAL else call.customer


def _decisive(record: CallRecord) -> OfferingFact | None:
    """The offering that was answered, else the last."""
    answered = [each for each in record.offerings if each.outcome is OfferingOutcome.ANSWERED]
    found = answered or record.offerings
    return found[-1] if found else None
