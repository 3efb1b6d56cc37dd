"""Who takes part in a call: the customer, the agents, and who handed it to whom. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.dashboard import numerals
from service.dashboard.periods import CallStory
from service.dashboard.words import Words
from telephony.calls.facts import Direction, OfferingFact, OfferingOutcome, TalkFact, TransferFact, TransferKind
from telephony.calls.legs import extension_of

CUSTOMER, MENU, RECORDING = "customer", "menu", "recording"
SAME_MOMENT = timedelta(seconds=2)

Shown = Callable[[str | None], str]
"""A number as this reader may see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An agent of this call: the key of his lane, his name, and what stands below it."""

    key: str
    name: str
    sub: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A transfer with its two sides as lanes; None where a side has none."""

    fact: TransferFact
    giver: str | None
    taker: str | None


class Cast:
    """Names the parties of one call for one reader."""

    def __init__(self, story: CallStory, words: Words, shown: Shown) -> None:
        self.story = story
        self.words = words
        self.shown = shown

    @property
    def end(self) -> datetime:
        """The call's end, or now."""
        return self.story.record.call.ended_at or self.story.as_of

    def agent(self, interface: str, device: str, at: datetime) -> Person:
        """Who an interface was."""
        agent, name = self.story.agent_of(interface, device, at)
        return Person(key=f"agent:{agent}", name=self.words.person(agent, name), sub=agent if name else device)

    def of(self, part: OfferingFact | TalkFact) -> Person:
        """Whose offering or talk it is."""
        at = part.offered_at if isinstance(part, OfferingFact) else part.started_at
        return self.agent(part.interface, part.device, at)

    def customer(self) -> str:
        """The outside party as this reader may see it."""
        call = self.story.record.call
        if call.customer_withheld:
            return self.words.gettext("withheld")
        return self.shown(call.customer or call.caller)

    def dialler(self) -> Person | None:
        """The agent who began the call; None where a customer did, or nobody known."""
        call = self.story.record.call
        if call.direction is Direction.INBOUND:
            return None
        own = [each for each in self.parts() if extension_of(each.device) == call.caller]
        if own or call.direction is Direction.INTERNAL or not (parts := self.parts()):
            return self.of(own[0]) if own else None
        return self.of(parts[0])

    def parts(self) -> list[OfferingFact | TalkFact]:
        """Offerings and talks in the order of time."""
        record = self.story.record
        found: list[OfferingFact | TalkFact] = [*record.offerings, *record.talks]
        return sorted(found, key=lambda each: (_begins(each), each.id))

    def people(self) -> list[Person]:
        """The agents: who began the call first, then in the order of first ring or talk."""
        dialler = self.dialler()
        everybody = [*([dialler] if dialler else []), *map(self.of, self.parts())]
        found: dict[str, Person] = {}
        for each in everybody:
            found.setdefault(each.key, each)
        return list(found.values())

    # -- hand-overs ------------------------------------------------------------------------

    def hand_overs(self) -> list[HandOver]:
        """Each transfer with its giver and taker."""
        return [self._hand_over(each) for each in self.story.record.transfers]

    def _hand_over(self, fact: TransferFact) -> HandOver:
        by = None if fact.by is None else self.agent(fact.by, fact.by, fact.at).key
        if fact.kind is TransferKind.PICKUP:
            return HandOver(fact=fact, giver=self._rang_elsewhere(fact), taker=by)
        if fact.kind is TransferKind.PARK:
            return HandOver(fact=fact, giver=by, taker=CUSTOMER)
        giver = by if by is not None else self._talked_last(fact)
        return HandOver(fact=fact, giver=giver, taker=self._reached(fact))

    def _rang_elsewhere(self, fact: TransferFact) -> str | None:
        """Whose phone rang when a colleague picked the call up."""
        for each in self.story.record.offerings:
            elsewhere = each.outcome is OfferingOutcome.ANSWERED_ELSEWHERE and each.device != fact.by
            if elsewhere and each.ended_at is not None and abs(each.ended_at - fact.at) < SAME_MOMENT:
                return self.of(each).key
        return None

    def _talked_last(self, fact: TransferFact) -> str:
        """Who talked until a redirection; the customer where nobody did."""
        for each in self.story.record.talks:
            if each.ended_at is not None and abs(each.ended_at - fact.at) < SAME_MOMENT:
                return self.of(each).key
        return CUSTOMER

    def _reached(self, fact: TransferFact) -> str | None:
        """The lane of who was to take the call, where he rang or talked."""
        if fact.to is None:
            return None
        wanted = extension_of(fact.to)
        mine = [each for each in self.parts() if extension_of(each.device) == wanted]
        after = [each for each in mine if _begins(each) >= fact.at - SAME_MOMENT]
        chosen = after[:1] or mine[-1:]
        return self.of(chosen[0]).key if chosen else None

    def name_of(self, party: str | None, at: datetime) -> str:
        """A device's person, else the number as it may be seen."""
        if not party:
            return numerals.DASH
        near = [each for each in self.parts() if extension_of(each.device) == extension_of(party)]
        if near:
            return self.of(near[-1]).name
        agent, name = self.story.agent_of(party, party, at)
        return name or (self.shown(agent) if "/" not in party else agent)


def _begins(part: OfferingFact | TalkFact) -> datetime:
    return part.offered_at if isinstance(part, OfferingFact) else part.started_at
