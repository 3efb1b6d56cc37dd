"""The rooms of recordings: the list with its orphans, and a recording's own page with its player.

Who does not see a recording's call gets the 404 of what is not there; of one that is there the audit has that he was
refused.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from service.auth.audit import Act
from service.auth.rights import Right, Seen
from service.auth.visiting import need
from service.dashboard import labels, numerals
from service.dashboard.figures.asking import About
from service.dashboard.figures.call_rows import roughly
from service.dashboard.figures.heard import HeardView
from service.dashboard.figures.scope import Scope
from service.dashboard.figures.spells import NAMED, in_words, read_spell
from service.dashboard.frame import Frame
from service.dashboard.query import check_keys
from service.dashboard.recordings.drawing import picture_of
from service.dashboard.recordings.list_view import CONDITIONS, LAYOUTS, SHOWS, file_line, orphan_line, picks
from service.dashboard.recordings.player import Told, player
from service.dashboard.recordings.query import PAGE, RecordingQuery, Show, read_recordings
from service.dashboard.recordings.sound import Hearable, Sounds
from service.dashboard.recordings.source import OneFile, RecordingSource
from service.dashboard.rendering import Reader, Renderer
from service.dashboard.rows import call_link, mark, party_text
from service.dashboard.story.heard import heard_of
from service.dashboard.story.source import Around
from service.dashboard.words import Words
from service.listening import Condition, Tape

FILE = "/recordings/{file:[1-9][0-9]{0,8}}"
EXACT_UP_TO = 10_000


class RecordingPages:
    """The handlers, over one source."""

    places = frozenset({"recordings"})

    def __init__(self, source: RecordingSource, frame: Frame, renderer: Renderer) -> None:
        self._source = source
        self._frame = frame
        self._sounds = Sounds(source, self._asked)

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/recordings", self.listed), web.get(FILE, self.one), *self._sounds.routes(FILE)]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    # -- the list --------------------------------------------------------------------------------

    async def listed(self, request: web.Request) -> web.Response:
        """GET /recordings?period=&agent=&queue=&condition=&length=&show=."""
        need(request, Right.LISTEN)
        words, seen = self._frame.words_for(request), self._frame.seen(request)
        wanted = read_recordings(request.query, self._frame.today(words), seen)
        scope = Scope(seen=seen, agent=wanted.agent, queue=wanted.queue)
        if not scope.may_see() or (wanted.show is not Show.FILES and not seen.everything):
            return self._frame.missing(request)
        about = About(spell=wanted.spell, scope=scope, policy=self._source.policy, as_of=self._source.now())
        lines = self._orphans if wanted.show is Show.NO_FILE else self._files
        return await self._list(request, words, about, wanted, **await lines(words, wanted))

    async def _files(self, words: Words, wanted: RecordingQuery) -> dict[str, Any]:
        policy = self._source.policy
        choice = wanted.choice(policy)
        found = await self._source.files(choice, wanted.place, PAGE + 1)
        total, version = await self._source.count(choice), policy.resolve(self._source.now())
        seen = [each for each in found[:PAGE] if _sees(wanted.seen, each.call is None, _involved(each))]
        following = found[PAGE - 1].parts.file.place if len(found) > PAGE else None
        many = total > EXACT_UP_TO
        return {
            "files": [file_line(words, each, wanted, version.queue_name) for each in seen],
            "orphans": [],
            "following": f"{following[0]}~{following[1]}" if following else "",
            "total": words.gettext("more than %(n)s", n=roughly(words, EXACT_UP_TO))
            if many
            else numerals.count(total),
        }

    async def _orphans(self, words: Words, wanted: RecordingQuery) -> dict[str, Any]:
        period = wanted.spell.period(self._source.policy)
        found = await self._source.orphans(period.start_us, period.end_us, wanted.orphan_place, PAGE + 1)
        following = found[PAGE - 1].place if len(found) > PAGE else None
        return {
            "files": [],
            "orphans": [orphan_line(words, each) for each in found[:PAGE]],
            "following": f"{following[0]}~{following[1]}" if following else "",
            "total": "",
        }

    async def _list(
        self, request: web.Request, words: Words, about: About, wanted: RecordingQuery, **values: Any
    ) -> web.Response:
        reader, spell, policy = self._frame.reader(request)[0], about.spell, about.policy
        version, after = policy.resolve(about.as_of), spell.after()
        queues = [each for each in await self._source.queues() if wanted.seen.queue(each)]
        agents = {each.agent: each.name for each in policy.agents if wanted.seen.agent(each.agent)}
        following = values.pop("following")
        return self._frame.shown(
            "recordings.html", request, wanted=wanted, days=in_words(words, spell), in_part=not wanted.seen.everything,
            picks=picks(
                words, wanted, sorted((agent, words.person(agent, name)) for agent, name in agents.items()),
                [(each, version.queue_name(each)) for each in queues],
            ),
            shows=_shows(words, wanted, reader),
            previous=reader.here(period=spell.before().key, after=""),
            following=reader.here(period=after.key, after="") if after else "",
            spells=[
                (word, reader.here(period=word, after=""), read_spell(word, spell.today).key == spell.key)
                for word in NAMED
            ],
            next_page=reader.here(after=following) if following else "",
            first_page=reader.here(after="") if wanted.after else "",
            reset=reader.here(agent="", queue="", condition="", length="", after=""),
            **values,
        )  # fmt: skip

    # -- one recording -----------------------------------------------------------------------------

    async def one(self, request: web.Request) -> web.Response:
        """GET /recordings/8841."""
        need(request, Right.LISTEN)
        check_keys(request.query, ())
        found = await self._found(request)
        if not self._sees(request, found):
            await self._frame.note(request, Act.REFUSED, f"recording {found.parts.file.id}")
            raise web.HTTPNotFound
        words = self._frame.words_for(request)
        tape = await self._source.tape(found.parts)
        drawn, broken = await picture_of(self._source, tape)
        file, call = found.parts.file, found.call
        told = Told(
            number=1, base=f"/recordings/{file.id}", began_at=file.started_at,
            customer=party_text(words, call.customer, withheld=call.withheld) if call else numerals.DASH,
            tape=Tape(condition=Condition.BROKEN) if broken else tape, drawn=drawn, parts=found.parts,
            destroyed=found.parts.destroyed,
        )  # fmt: skip
        heard = self._heard(words, found)
        return self._frame.shown(
            "recording.html", request, p=player(words, told), heard=heard, **self._about(words, found)
        )

    def _heard(self, words: Words, found: OneFile) -> list[HeardView]:
        """Of the talks that lie in this file."""
        if found.story is None:
            return []
        here = {each.talk_id for each in found.parts.spans}
        rules = self._source.policy.resolve(found.story.record.call.started_at).recordings
        sounds = tuple(each for each in found.sounds if each.talk_id in here)
        return heard_of(words, found.story, Around(sounds=sounds, rules=rules))

    def _about(self, words: Words, found: OneFile) -> dict[str, Any]:
        """Head and facts of the page."""
        file, call = found.parts.file, found.call
        version = self._source.policy.resolve(file.started_at)
        agents = list(dict.fromkeys((each.agent, found.parts.name(each.agent)) for each in found.parts.spans))
        facts = [
            (words.gettext("Condition"), words.gettext(CONDITIONS[file.condition].message)),
            (words.gettext("Channels"), words.gettext(LAYOUTS[file.layout]) if file.layout else numerals.DASH),
            (
                words.gettext("Sound"),
                " · ".join(filter(None, (file.coding, f"{file.rate} Hz" if file.rate else ""))),
            ),
            (words.gettext("Size"), f"{file.size / 1_000_000:.1f} MB"),
        ]
        if words.whole_numbers:
            facts.append((words.gettext("File"), file.path))
        return {
            "id": file.id,
            "agents": agents,
            "at": words.moment(file.started_at),
            "direction": mark(words, labels.DIRECTIONS[call.direction]) if call else None,
            "queue": version.queue_name(call.queue) if call and call.queue else "",
            "party": party_text(words, call.customer, withheld=call.withheld) if call else "",
            "code": (call.code or "") if call else "",
            "call": call_link(call.id) if call else "",
            "facts": [(name, text or numerals.DASH) for name, text in facts],
            "hold": found.hold,
            "axis_known": bool(found.parts.spans),
        }

    async def _found(self, request: web.Request) -> OneFile:
        found = await self._source.file(int(request.match_info["file"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _sees(self, request: web.Request, found: OneFile) -> bool:
        involved = (found.call.agents, found.call.queues, found.call.code) if found.call else None
        return _sees(self._frame.seen(request), found.call is None, involved)

    async def _asked(self, request: web.Request) -> tuple[Hearable, bool]:
        found = await self._found(request)
        file = found.parts.file
        asked = Hearable(
            subject=file.call_id or f"recording {file.id}", name=f"recording-{file.id}",
            tape=await self._source.tape(found.parts), details={"file": file.id},
        )  # fmt: skip
        return asked, self._sees(request, found)


def _shows(words: Words, wanted: RecordingQuery, reader: Reader) -> list[tuple[str, str, bool]]:
    """The lists: what has no partner concerns only who sees the centre."""
    if not wanted.seen.everything:
        return []
    keys = {Show.FILES: "", Show.NO_CALL: Show.NO_CALL.value, Show.NO_FILE: Show.NO_FILE.value}
    return [
        (words.gettext(name), reader.here(show=keys[show], after=""), show is wanted.show)
        for show, name in SHOWS.items()
    ]


Involved = tuple[frozenset[str], frozenset[str], str | None]
"""Agents, queues and code of a call."""


def _involved(found: Any) -> Involved | None:
    return (found.call.agents, found.call.queues, found.call.code) if found.call else None


def _sees(seen: Seen, orphan: bool, involved: Involved | None) -> bool:
    """Whether somebody sees a recording: by its call; one that belongs to none only who sees everything."""
    if seen.everything or orphan or involved is None:
        return seen.everything
    return seen.recording(*involved)
