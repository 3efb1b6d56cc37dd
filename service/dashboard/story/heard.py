"""What was heard of each talk of a call, as its page shows it. Pure."""

from __future__ import annotations

from analytics.metrics.formulas import CUSTOMER_TALK
from service.dashboard.figures.heard import HeardView, Spoken, heard_views
from service.dashboard.periods import CallStory
from service.dashboard.story.source import Around
from service.dashboard.words import Words


def heard_of(words: Words, story: CallStory, around: Around) -> list[HeardView]:
    """A view of each talk with the customer that was listened to, in order of time."""
    talks: dict[str, Spoken] = {}
    for fact in sorted(story.record.talks, key=lambda each: each.started_at):
        if fact.kind in CUSTOMER_TALK:
            agent, name = story.agent_of(fact.interface, fact.device, fact.started_at)
            talks[fact.id] = Spoken(words.person(agent, name), words.time(fact.started_at))
    return heard_views(words, around.sounds, talks, around.rules)
