"""What agents record: of a call, of a visit, of an act; and what they decide where nothing more can be tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from config.followups import Result, TriggerKind
from schedulers.customers.records import Customer
from schedulers.followups.account import HeardCall, Said
from schedulers.followups.records import Attributes, FollowUp, Obstacle
from schedulers.followups.rules import Rules
from schedulers.simulation.behaviour import Answer, Taken
from schedulers.simulation.dice import Dice

OWN_WISH = time(20, 15)
"""Some customers want to be called in the evening, whatever the hours of the centre are."""
CONTENT, NOT_CONTENT = 5, 2
GIVEN_UP = ("unreachable", "wrong_contact", "handed_on")


class Word(NamedTuple):
    """What an agent records: all of it, or with `first` the first of it that the rules permit."""

    said: tuple[Said, ...]
    first: bool = False


class Outcomes:
    """The outcomes of agents by the dice."""

    def __init__(self, rules: Rules, dice: Dice) -> None:
        self._rules, self._dice = rules, dice

    def marked(self, item: FollowUp, agent: str, at: datetime) -> Word:
        """An act that is done: unit named, answer written; or a message that is sent."""
        return Word((_said(item, agent, at, Result.TALKED, "mark"),))

    def visited(self, item: FollowUp, agent: str, began_at: datetime, at: datetime) -> Word:
        """A contact that the PBX did not carry."""
        said = replace(_said(item, agent, at, Result.TALKED, "visit"), elsewhere="visit", contact_at=began_at)
        return Word((replace(said, answers=self._marks(item, True)),))

    def decided(self, item: FollowUp, agent: str, at: datetime) -> Word:
        """It was tried as often as permitted, or there is no way to try it: given up, else met in another way."""
        kind = self._rules.kind(item)
        wanted = ("wrong_contact",) if item.obstacle is Obstacle.NO_NUMBER else GIVEN_UP
        close = [
            replace(_said(item, agent, at, Result.NO_ANSWER, each), close=each)
            for each in wanted
            if each in kind.reasons
        ]
        other = replace(_said(item, agent, at, Result.TALKED, "wechat"), elsewhere="wechat")
        return Word((*close, other), first=True)

    def of_call(self, items: list[FollowUp], call: HeardCall, taken: Taken, told: Customer, at: datetime) -> Word:
        """What is recorded of a call, for each follow-up that it served."""
        agent = call.dialled_by or ""
        if taken.told is not Result.TALKED:
            if taken.heard is taken.told and not taken.word_first:
                return Word(())
            return Word(
                tuple(replace(_said(each, agent, at, taken.told, call.call), call=call.call) for each in items)
            )
        found = [self._of_talk(each, agent, call, taken, told, at) for each in items]
        if taken.new_question and self._takes_promises(at):
            later = at + timedelta(minutes=self._dice.between(90, 2000, call.call, "promise"))
            until = later if self._dice.roll(call.call, "timed") < 0.5 else None
            found[0] = replace(found[0], promise="", promise_at=until)
        return Word(tuple(found))

    def of_inbound(self, items: list[FollowUp], call: HeardCall, at: datetime) -> Word:
        """What is recorded of a call that the customer made."""
        agent = call.talks[0].agent
        said = (replace(_said(each, agent, at, Result.TALKED, call.call), call=call.call) for each in items)
        return Word(tuple(said))

    def _of_talk(
        self, item: FollowUp, agent: str, call: HeardCall, taken: Taken, told: Customer, at: datetime
    ) -> Said:
        kind = self._rules.kind(item)
        said = replace(_said(item, agent, at, Result.TALKED, call.call), call=call.call)
        if taken.answer is Answer.NEVER_AGAIN:
            return replace(said, close="do_not_call")
        reason = next((each for each in ("not_interested", "refused") if each in kind.reasons), None)
        if taken.answer is Answer.REFUSED and reason:
            return replace(said, close=reason)
        if taken.answer is Answer.NOT_NOW and kind.agreed:
            return replace(said, agreed_at=self._another_time(item, call.call, told, at))
        return replace(said, answers=self._marks(item, taken.content))

    def _another_time(self, item: FollowUp, name: str, told: Customer, at: datetime) -> datetime:
        later = at + timedelta(minutes=self._dice.between(60, 2 * 24 * 60, name, "agreed"))
        zone = told.zone or self._rules.zone
        if self._dice.roll(name, "own wish") < 0.1:
            return datetime.combine(later.astimezone(zone).date() + timedelta(days=1), OWN_WISH, tzinfo=zone)
        return self._rules.times(item).next(later, told.zone, told.hours) or later

    def _marks(self, item: FollowUp, content: bool) -> Attributes:
        promises = self._rules.promises(item)
        survey = promises.survey(self._rules.kind(item).survey)
        asked = [each.id for each in survey.questions if each.scale is not None] if survey else []
        return tuple((each, CONTENT if content else NOT_CONTENT) for each in asked)

    def _takes_promises(self, at: datetime) -> bool:
        kinds = self._rules.version_at(at).promises.kinds
        return any(each.trigger.kind is TriggerKind.PROMISE and not each.trigger.name for each in kinds)


def _said(item: FollowUp, agent: str, at: datetime, result: Result, how: str) -> Said:
    return Said(key=f"{item.id}.{item.revision} {how}", at=at, by=agent, follow_ups=(item.id,), result=result)
