"""The recordings of a call as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from service.dashboard.periods import CallStory
from service.dashboard.recordings.drawing import picture_of
from service.dashboard.recordings.player import Player, Told, player
from service.dashboard.rows import party_text
from service.dashboard.story.source import StorySource
from service.dashboard.words import Words
from service.listening import Condition, Tape
from telephony.calls.facts import RecordingFact


async def players(
    source: StorySource, words: Words, link: str, story: CallStory, facts: Sequence[RecordingFact]
) -> list[Player]:
    """All recordings of a call; `link` is the page of the call."""
    if not facts:
        return []
    tapes, parts = await source.tapes(story), await source.parts(story)
    call = story.record.call
    customer = party_text(words, call.customer or call.caller, withheld=call.customer_withheld)
    found = []
    for number, (fact, tape) in enumerate(zip(facts, tapes, strict=True), start=1):
        known = parts.get(fact.id)
        tape = Tape(condition=Condition.DESTROYED) if known and known.destroyed else tape
        drawn, broken = await picture_of(source, tape)
        told = Told(
            number=number, base=f"{link.replace('/calls/', '/recordings/', 1)}/{number}", began_at=fact.at,
            customer=customer, tape=Tape(condition=Condition.BROKEN) if broken else tape, drawn=drawn,
            parts=None if tape.condition is Condition.GROWING else known,
            destroyed=known.destroyed if known else None,
        )  # fmt: skip
        found.append(player(words, told))
    return found
