"""The sound of a call's recordings, as its page names them: by the call and their order."""

from __future__ import annotations

from aiohttp import web

from service.dashboard.frame import Frame
from service.dashboard.recordings.sound import Hearable, Sounds
from service.dashboard.seen_parts import sees_call
from service.dashboard.story.source import StorySource
from service.listening import Condition, Tape

RECORDING = "/recordings/{pbx}/{id}/{number:[1-9][0-9]{0,2}}"


class Recordings:
    """The handlers, over the source of the call's page."""

    def __init__(self, source: StorySource, frame: Frame) -> None:
        self._source = source
        self._frame = frame
        self._sounds = Sounds(source, self._asked)

    def routes(self) -> list[web.RouteDef]:
        """Of recordings."""
        return self._sounds.routes(RECORDING)

    async def _asked(self, request: web.Request) -> tuple[Hearable, bool]:
        """The recording, and whether the visitor sees its call. Raises HTTPNotFound."""
        number, call_id = (
            int(request.match_info["number"]),
            f"{request.match_info['pbx']}/{request.match_info['id']}",
        )
        story = await self._source.call(call_id)
        if story is None or number > len(story.record.recordings):
            raise web.HTTPNotFound
        tapes, parts = await self._source.tapes(story), await self._source.parts(story)
        known = parts.get(story.record.recordings[number - 1].id)
        tape = Tape(condition=Condition.DESTROYED) if known and known.destroyed else tapes[number - 1]
        name = f"{story.record.call.id.replace('/', '-')}-{number}"
        asked = Hearable(subject=story.record.call.id, name=name, tape=tape, details={"recording": number})
        return asked, sees_call(self._frame.seen(request), story)
