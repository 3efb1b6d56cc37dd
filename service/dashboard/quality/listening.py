"""The player of a sample: the recording of its file among those of its call, as the call's own page has it."""

from __future__ import annotations

from service.dashboard.quality.source import Opened
from service.dashboard.recordings.player import Player
from service.dashboard.rows import call_link
from service.dashboard.story.player import players
from service.dashboard.story.source import StorySource
from service.dashboard.words import Words


class Listening:
    """Over the source of calls' stories."""

    def __init__(self, stories: StorySource) -> None:
        self._stories = stories

    async def player(self, words: Words, told: Opened) -> Player | None:
        """The player; None where the PBX named no such recording of the call."""
        story = await self._stories.call(told.sample.call_id)
        if story is None:
            return None
        facts = story.record.recordings
        found = await players(self._stories, words, call_link(story.record.call.id), story, facts)
        named = (one for fact, one in zip(facts, found, strict=True) if fact.file == told.path)
        return next(named, None)
