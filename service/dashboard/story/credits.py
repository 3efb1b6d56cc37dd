"""Who is credited with what of a call, and what the PBX claims beside it. Pure.

We count the time in which agent and customer heard each other; the PBX's claims are shown, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard import labels, numerals, rows
from service.dashboard.rows import Mark
from service.dashboard.story.agents import BLAMED
from service.dashboard.story.cast import Cast, Person
from service.dashboard.story.claims import Claim, claims_of, spent_by
from telephony.calls.facts import OfferingFact, OfferingOutcome, TransferKind
from telephony.calls.record import ring_time
from telephony.clock import milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """One ringing of one agent's phone. `late`: not picked up within the policy's rings."""

    seconds: str
    rings: int
    outcome: Mark
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What one agent gets, and what the PBX claims. `hold_known` is False where the source tells nothing of hold."""

    name: str
    initial: str
    number: str
    rang: tuple[Rang, ...]
    talk: str
    hold: str
    wrap: str
    claims: tuple[Claim, ...]
    gave: str  # to whom he handed the call, if he did


def credits_of(cast: Cast) -> list[Credit]:
    """One row an agent: who began the call, then in the order of first ring or talk."""
    return [_credit(cast, person) for person in cast.people()]


def reasons_of(given: list[Credit]) -> list[str]:
    """Why the PBX's claims differ, each reason once."""
    return list(dict.fromkeys(claim.why for each in given for claim in each.claims if claim.why))


def _credit(cast: Cast, person: Person) -> Credit:
    spent = spent_by(cast, person.key)
    mine = [each for each in cast.story.record.talks if cast.of(each).key == person.key]
    hold = f"{numerals.seconds(spent.hold)} s" if spent.hold else numerals.DASH
    unknown = any(not each.hold_known for each in mine)
    return Credit(
        name=person.name,
        initial=rows.initial_of(person.name),
        number=person.sub if person.sub != person.name and "/" not in person.sub else "",
        rang=tuple(_rang(cast, each) for each in cast.story.record.offerings if cast.of(each).key == person.key),
        talk=f"{numerals.seconds(spent.talk)} s" if spent.talked else numerals.DASH,
        hold=cast.words.gettext("not known") if unknown and spent.talked else hold,
        wrap=_wrap(cast, person),
        claims=tuple(claims_of(cast, person.key, spent)),
        gave=_gave(cast, person),
    )


def _gave(cast: Cast, person: Person) -> str:
    for each in reversed(cast.hand_overs()):
        gave = each.giver == person.key and each.taker != person.key
        if gave and each.fact.completed and each.fact.kind is not TransferKind.PICKUP:
            kind = cast.words.gettext(labels.TRANSFERS[each.fact.kind])
            return kind if cast.words.chinese else kind.lower()
    return ""


def _wrap(cast: Cast, person: Person) -> str:
    spans = [
        numerals.elapsed_ms(each.started_at, each.ended_at or cast.story.as_of)
        for each in cast.story.wraps
        if cast.agent(each.interface, each.interface, each.started_at).key == person.key
    ]
    return f"{numerals.seconds(sum(spans))} s" if spans else numerals.DASH


def _rang(cast: Cast, offering: OfferingFact) -> Rang:
    story, words = cast.story, cast.words
    ring, trunk = ring_time(offering, offering.ended_at or story.as_of), story.record.call.trunk
    if offering.outcome is None:
        outcome = Mark(text=words.gettext("Ringing"), css="warn", icon="bell-ring")
    else:
        outcome = rows.mark(words, labels.OUTCOMES[offering.outcome])
    silent = offering.outcome not in (OfferingOutcome.ANSWERED, *BLAMED, None) and not ring
    rings = 0 if silent else story.rule.ring_number(ring, trunk)
    return Rang(
        seconds=numerals.seconds(milliseconds(ring)),
        rings=rings,
        outcome=outcome,
        late=ring >= story.rule.limit(trunk),
    )
