"""A hotline whose week was drawn, with its recordings in a folder, and pages that are visited by several people."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from sqlalchemy import Engine, insert

from analytics.people.devices import DeviceMap
from analytics.quality.draws import commit
from analytics.storage.models import recordings
from service.auth import accounts
from service.auth.accounts import Wanted
from service.auth.book import AuditBook
from service.auth.rights import EVERYBODY, RIGHTS_OF, Right, Role, Sight, Visitor
from service.auth.sight import resolve
from service.auth.visiting import let_in
from service.dashboard.application import Gate, setup
from service.dashboard.board import PbxLink
from service.dashboard.quality.listening import Listening
from service.dashboard.quality.own import OwnQuality
from service.dashboard.quality.pages import QualityPages
from service.dashboard.quality.sums_pages import QualitySums
from service.dashboard.story.pages import StoryPages
from service.listening import Shelf
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.quality import StoredQuality
from service.live.stories import StoredStories
from telephony.clock import to_microseconds
from tests.analytics.quality.house import MONDAY, POLICY, WEEK, add_features, add_talk, drawn
from tests.analytics.recordings.tones import pcm16, silence, tone, wave, write
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.people import NOW
from tests.service.dashboard.test_acting import PROOF

PEOPLE = {
    "wen": ("许文", Role.INSPECTOR, None, EVERYBODY),
    "qian": ("钱一", Role.INSPECTOR, None, EVERYBODY),
    "north": ("李明", Role.LEADER, "1002", Sight(groups=frozenset({"north"}))),
    "south": ("南组长", Role.LEADER, "1009", Sight(groups=frozenset({"south"}))),
    "boss": ("王主管", Role.SUPERVISOR, None, EVERYBODY),
    "fang": ("王芳", Role.AGENT, "1001", Sight(agents=frozenset({"1001"}))),
    "nana": ("王娜娜", Role.AGENT, "1003", Sight(agents=frozenset({"1003"}))),
    "fangting": ("王芳", Role.AGENT, "1001", Sight(agents=frozenset({"1001"}))),
    "admin": ("管理员", Role.ADMINISTRATOR, None, EVERYBODY),
}


class Links:
    """A desk's bar without a PBX."""

    def links(self) -> tuple[PbxLink, ...]:
        return ()


class Listened:
    """The pages, and what they work on."""

    client: TestClient[Any, Any]

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOW

    async def page(self, path: str, who: str = "wen", status: int = 200) -> str:
        """A page in English, as somebody reads it."""
        join = "&" if "?" in path else "?"
        async with self.client.get(f"{path}{join}lang=en", headers={"X-Who": who}) as response:
            text = await response.text()
            assert response.status == status, text[-600:]
            return text

    async def post(self, path: str, who: str = "wen", **form: str) -> tuple[int, str]:
        """Status and page of a form; a redirect is not followed."""
        headers = {"X-Who": who, "Cookie": "lang=en"}
        async with self.client.post(
            path, data={"proof": PROOF, **form}, headers=headers, allow_redirects=False
        ) as response:
            return response.status, response.headers.get("Location", "") or await response.text()

    async def card(self, sample: int, who: str = "wen", mark: int = 4, **form: str) -> tuple[int, str]:
        """Submit a card with all criteria marked alike."""
        quality = POLICY.versions[0].quality
        assert quality is not None
        marks = {f"mark-{each.id}": str(mark) for each in quality.criteria}
        return await self.post(f"/quality/{sample}/card", who, **{**marks, **form})


def _speech(seed: int, length: int) -> bytes:
    """Two people who speak in turns."""
    chance = np.random.default_rng(seed)
    one, other, at = [], [], 0
    while at < length:
        turn = int(chance.integers(2, 6))
        loud = [tone(1, float(0.25 + 0.5 * chance.random())) for _ in range(turn)]
        quiet = [silence(turn)]
        (one if (at // 3) % 2 else other).extend(loud)
        (other if (at // 3) % 2 else one).extend(quiet)
        at += turn
    return wave(pcm16(np.concatenate(other), np.concatenate(one)), channels=2)


def furnish(engine: Engine, folder: Path) -> None:
    """Eight talks of two groups, a draw of the week, figures of one talk, accounts."""
    with engine.begin() as connection:
        for number in range(1, 9):
            agent = ("1001", "1003")[number % 2]
            at, seconds = MONDAY + timedelta(hours=number), 40 + 20 * number
            talk = add_talk(connection, number, agent, at=at, seconds=seconds)
            connection.execute(
                insert(recordings).values(
                    id=f"pbx/{number}/r", revision=1, at_us=to_microseconds(at), call_id=f"pbx/{number}",
                    file=f"{number}.wav", channel="x",
                )
            )  # fmt: skip
            add_features(
                connection, talk, first_words_ms=1200, syllables=132, turns_ms=60_000, rate_error_permille=40,
                silence_count=2, longest_silence_ms=5200,
            )  # fmt: skip
            write(folder / f"{number}.wav", _speech(number, 24))
            os.utime(folder / f"{number}.wav", (at.timestamp(), at.timestamp()))
        drawn(connection)
        commit(connection, WEEK.following, POLICY, "another", MONDAY + timedelta(days=7))
        commit(connection, WEEK.following.following, POLICY, "a third", MONDAY + timedelta(days=7))
        for login, (name, role, agent_id, sight) in PEOPLE.items():
            wanted = Wanted(name=name, role=role, agent=agent_id, sight=sight)
            accounts.create(connection, login, wanted, "-", MONDAY, must_change=False)


GRANTED = {"fangting": frozenset({Right.LISTEN})}
"""Beside the role."""


def _visitor(login: str) -> Visitor:
    name, role, agent, sight = PEOPLE[login]
    rights = RIGHTS_OF[role] | GRANTED.get(login, frozenset())
    return Visitor(
        account=1, login=login, name=name, role=role, rights=rights, sight=sight, agent=agent, proof=PROOF
    )


@web.middleware
async def _door(request: web.Request, handler: Handler) -> web.StreamResponse:
    let_in(request, _visitor(request.headers.get("X-Who", request.cookies.get("who", "wen"))))
    return await handler(request)


async def _no_stream(request: web.Request) -> web.Response:
    """The desk's stream is not of these pages: a browser does not come back after 204."""
    return web.Response(status=204)


@asynccontextmanager
async def listened(engine: Engine, folder: Path, **changed: Any) -> AsyncIterator[Listened]:
    """The pages of a drawn week. `changed`: another policy."""
    here = Listened(engine)
    (folder / "monitor").mkdir()
    furnish(engine, folder / "monitor")
    policy = replace(POLICY, **changed) if changed else POLICY
    hub = LiveHub(policy, DeviceMap())
    teller = Teller(policy=policy, person_of=hub.person_of)
    shelf = Shelf({"pbx": folder / "monitor"}, folder / "listening")
    stories = StoredStories(engine, engine, hub, teller, shelf, folder, tuple, lambda: here.now)
    source = StoredQuality(engine, engine, hub, lambda: here.now)
    app = web.Application()
    rooms = [
        partial(QualityPages, source, Listening(stories), may_act=False),
        partial(QualitySums, source, may_act=False),
        partial(OwnQuality, source, Listening(stories), Links()),
        partial(StoryPages, stories),
    ]
    book = AuditBook(engine, lambda: here.now)
    gate = Gate(guard=_door, sees=lambda sight: resolve(sight, policy, here.now), book=book)
    setup(app, replace(StandingCentre(), demo=False), rooms, gate=gate)
    app.add_routes([web.get("/desk/events/{agent}", _no_stream)])
    async with TestClient(TestServer(app)) as client:
        here.client = client
        yield here
