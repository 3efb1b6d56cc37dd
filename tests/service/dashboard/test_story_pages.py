"""The pages of a call over HTTP: who sees what, raw events, sound by parts, and what the audit gets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from service.auth.audit import Act
from service.auth.rights import Right, Sight
from service.dashboard.application import Gate, setup
from service.dashboard.story.pages import StoryPages
from service.dashboard.story.source import Around, Beside, Owed
from service.dashboard.story.watching import MOST, WITHIN, Firsts
from telephony.calls.facts import Disposition
from tests.analytics.recordings.talks_heard import heard, mono, sounded
from tests.analytics.recordings.tones import wave, write
from tests.service.dashboard.a_call import CALL_ID, NUMBER, STORY, at, going_on
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.doors import PROOF, Door, somebody
from tests.service.dashboard.people import NOW, ended
from tests.service.dashboard.stories import StandingStories, conversation

PAGE, EVENTS, SOUND = f"/calls/{CALL_ID}", f"/calls/{CALL_ID}/events", f"/recordings/{CALL_ID}/1/audio"
HEARD = f"/recordings/{CALL_ID}/1/heard"


@pytest.fixture
def door() -> Door:
    """Lets a supervisor in."""
    return Door()


@pytest.fixture
async def inside(stories: StandingStories, door: Door) -> AsyncIterator[Client]:
    """A client behind that door."""
    app = web.Application()
    setup(app, StandingCentre(), rooms=[partial(StoryPages, stories)], gate=Gate(guard=door.guard()))
    async with TestClient(TestServer(app)) as found:
        yield found


async def text_of(client: Client, path: str, status: int = 200) -> str:
    """What is answered."""
    answer = await client.get(path)
    assert answer.status == status, path
    return await answer.text()


# -- the page -----------------------------------------------------------------------------------


async def test_the_story_shows_claim_and_count_side_by_side(client: Client) -> None:
    """What the PBX says, what we count, why they differ, and how it is known."""
    html = await text_of(client, f"{PAGE}?lang=en")
    for said in ("108 s", "queue_log", "+69.8 s", "when he handed the call on", "rebuilt whole from CEL"):
        assert said in html


async def test_numbers_are_whole_for_who_may_see_them_and_never_in_the_title(inside: Client, door: Door) -> None:
    """With the right in the heading; the title of the page is masked for everybody, as the history keeps it."""
    html = await text_of(inside, PAGE)
    assert f"<h1>{NUMBER}" in html
    assert "<title>139****2214" in html
    door.visitor = somebody(Right.NUMBERS)
    assert NUMBER not in await text_of(inside, PAGE)


@pytest.mark.parametrize("path", [PAGE, EVENTS, f"{EVENTS}.json", f"{PAGE}/live", SOUND])
async def test_who_does_not_see_the_call_finds_nothing(inside: Client, door: Door, path: str) -> None:
    """Another's agents and queues, or no right: the 404 of what is not there."""
    for visitor in (somebody(sight=Sight(agents=frozenset({"1001"}))), somebody(Right.RECORDS, Right.LISTEN)):
        door.visitor = visitor
        assert (await inside.get(path)).status == 404
    door.visitor = somebody(sight=Sight(queues=frozenset({"咨询热线"})))
    assert (await inside.get(path)).status in (200, 204)


async def test_around_the_call_stand_notes_follow_ups_and_other_calls(
    inside: Client, stories: StandingStories, door: Door
) -> None:
    """With links for who may follow them."""
    other = ended(77, 3600, Disposition.ABANDONED, "1003", wait=9000, talk=0)
    owed = Owed(follow_up="f-1", kind_zh="回访", kind_en="Revisit", state="open", due_at=at(9000), result="talked")
    stories.around_it = Around(code="520", outcome="quotation", owed=(owed,), others=(other,))
    html = await text_of(inside, f"{PAGE}?lang=en")
    for said in (
        "520",
        "quotation",
        'href="/followups/f-1"',
        "Revisit",
        "Other calls of this customer",
        other.call_id,
    ):
        assert said in html
    door.visitor = somebody(Right.PROMISES)
    assert "/followups/" not in await text_of(inside, PAGE)
    door.visitor = somebody(sight=Sight(agents=frozenset({"1006"})))
    assert other.call_id not in await text_of(inside, PAGE)


async def test_what_was_heard_of_each_talk_stands_beside_the_recording(
    inside: Client, stories: StandingStories
) -> None:
    """By agent, with the policy's targets; on one channel it is not measurable; of a talk not listened to nothing."""
    first, last = (each.id for each in (STORY.record.talks[0], STORY.record.talks[-1]))
    assert "Heard of" not in await text_of(inside, f"{PAGE}?lang=en")
    stories.around_it = Around(sounds=(sounded(first, heard()), sounded(last, mono())))
    html = await text_of(inside, f"{PAGE}?lang=en")
    for said in ("Heard of 李浩然", "Heard of 周建国", "± 6 · target 120–140", "one channel: the sides cannot be"):
        assert said in html
    assert html.count("not measurable: one channel") == 2 * 5  # as text and as title of five figures
    assert "单声道不可测" in await text_of(inside, f"{PAGE}?lang=zh")


async def test_the_steps_go_through_the_list_that_one_came_from(inside: Client, stories: StandingStories) -> None:
    """`list=` carries its filter; without it the page that led here tells; else the call's own day."""
    stories.neighbours = Beside(newer="hq/2.2", older="hq/1.1")
    told = "period=2026-11-20&direction=inbound"
    html = await text_of(inside, f"{PAGE}?list={quote(told)}")
    for said in (f'href="/calls/hq/1.1?list={quote(told, safe="")}"', 'data-key="k" href="/calls/hq/2.2?list='):
        assert said in html
    assert stories.wanted[-1].direction == "inbound"
    await inside.get(
        PAGE, headers={"Referer": "http://127.0.0.1/calls?period=2026-11-20&agent=1004&after=9~x&lang=en"}
    )
    assert (stories.wanted[-1].scope.agent, stories.wanted[-1].after) == ("1004", "")
    await inside.get(PAGE, headers={"Referer": "http://127.0.0.1/calls?nonsense=1"})
    assert (stories.wanted[-1].scope.agent, stories.wanted[-1].spell.start) == ("", date(2026, 11, 20))


@pytest.mark.parametrize("query", ["list=nonsense%3D1", "list=" + "a" * 700, "open=1", "list=period%3Dnever"])
async def test_an_address_that_is_not_understood_is_refused_in_words(inside: Client, query: str) -> None:
    """400, as on the other pages."""
    assert (await inside.get(f"{PAGE}?{query}")).status == 400


async def test_a_call_in_progress_is_told_by_a_stream_until_it_is_over(
    inside: Client, stories: StandingStories
) -> None:
    """The picture is drawn anew; the last event tells the end; who comes back then gets 204."""
    stories.stories[CALL_ID] = going_on(120)
    assert f'data-stream-of="/calls/{CALL_ID}/live"' in await text_of(inside, PAGE)
    async with inside.get(f"{PAGE}/live?lang=en") as answer:
        first = (await answer.content.readuntil(b"\n\n")).decode()
        assert first.startswith("id: 0\nevent: story.head\ndata: <div")
        stories.stories[CALL_ID] = STORY
        rest = (await answer.content.read()).decode()
    assert "Over at 15:21:02" in rest
    assert (await inside.get(f"{PAGE}/live")).status == 204
    assert "data-stream-of" not in await text_of(inside, PAGE)


# -- raw events ----------------------------------------------------------------------------------


async def test_raw_events_come_two_hundred_a_page_and_by_name(inside: Client) -> None:
    """254 of them; a filter in the address; a page beyond the last is refused."""
    html = await text_of(inside, f"{EVENTS}?lang=en")
    assert html.count("<li><details>") == 200
    assert "page 1 of 2" in html
    assert (await text_of(inside, f"{EVENTS}?page=2")).count("<li><details>") == 54
    assert (await text_of(inside, f"{EVENTS}?name=Hangup")).count("<li><details>") == 1
    for query in ("page=3", "page=0", "page=x", "sort=1"):
        await text_of(inside, f"{EVENTS}?{query}", 400)


async def test_raw_events_hide_what_tells_of_a_customer(
    inside: Client, door: Door, stories: StandingStories
) -> None:
    """Numbers, names, files and unknown variables without the right; a secret from everybody."""
    whole = await text_of(inside, EVENTS)
    assert NUMBER in whole
    assert "6222020200112233" in whole
    assert [each.act for each in stories.notes] == [Act.LOOKED]
    door.visitor = somebody(Right.NUMBERS)
    hidden = await text_of(inside, EVENTS) + await text_of(inside, f"{EVENTS}?page=2")
    for secret in (NUMBER, "郭女士", "6222020200112233"):
        assert secret not in hidden
    for shown in (
        "****.wav",
        "139****2214",
        "PJSIP/trunk-00000001",
        "1795189122.4471",
        "400820",
        "Normal Clearing",
    ):
        assert shown in hidden
    assert "hunter2" not in whole + hidden


async def test_raw_events_are_downloaded_by_who_may_export_and_the_audit_tells(
    inside: Client, door: Door, stories: StandingStories
) -> None:
    """As on the page; without the right 404, and a row that it was refused."""
    told = json.loads(await text_of(inside, f"{EVENTS}.json"))
    assert (told["call_id"], len(told["events"])) == (CALL_ID, 254)
    door.visitor = somebody(Right.EXPORT)
    await text_of(inside, f"{EVENTS}.json", 404)
    assert [(each.act, each.subject) for each in stories.notes] == [(Act.EXPORTED, CALL_ID), (Act.REFUSED, CALL_ID)]


# -- recordings ----------------------------------------------------------------------------------


async def test_sound_comes_whole_and_by_parts(inside: Client) -> None:
    """200, 206 with the very bytes, 416 beyond the end, If-Range by the tag, 304, HEAD."""
    body = conversation()
    whole = await inside.get(SOUND)
    assert (whole.status, await whole.read(), whole.headers["Accept-Ranges"]) == (200, body, "bytes")
    assert whole.content_type == "audio/wav"
    part = await inside.get(SOUND, headers={"Range": "bytes=100-199"})
    assert (part.status, await part.read()) == (206, body[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(body)}"
    beyond = await inside.get(SOUND, headers={"Range": f"bytes={len(body)}-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(body)}")
    tag = whole.headers["ETag"]
    same = await inside.get(SOUND, headers={"Range": "bytes=0-9", "If-Range": tag})
    changed = await inside.get(SOUND, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    known = await inside.get(SOUND, headers={"If-None-Match": tag})
    assert (same.status, changed.status, known.status) == (206, 200, 304)
    assert (await inside.head(SOUND)).headers["Content-Length"] == str(len(body))


async def test_listening_is_audited_with_what_was_heard(inside: Client, stories: StandingStories) -> None:
    """Once when it is opened, then the milliseconds that the player tells: each once, never more than there are."""
    for _ in range(3):
        await inside.get(SOUND, headers={"Range": "bytes=0-9"})
    spans = {"spans": [[0, 3000], [2000, 4000], [7000, 99_000]]}
    assert (await inside.post(HEARD, json=spans, headers={"X-Proof": PROOF})).status == 204
    assert (await inside.post(HEARD, json={"spans": []}, headers={"X-Proof": PROOF})).status == 204
    opened, heard = stories.notes
    assert (opened.act, dict(opened.details)) == (Act.LISTENED, {"recording": 1, "opened": True})
    assert dict(heard.details) == {"recording": 1, "heard_ms": 5000, "length_ms": 8000}
    assert (heard.subject, heard.visitor.login) == (CALL_ID, "zhou")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"spans": [[0, 1]]}', {}, 403),
        ('{"spans": [[0, 1]]}', {"X-Proof": "another"}, 403),
        ('{"spans": [[0, 1]]}', {"X-Proof": PROOF, "Origin": "https://elsewhere.example"}, 403),
        ("{", {"X-Proof": PROOF}, 400),
        ("[]", {"X-Proof": PROOF}, 400),
        ('{"spans": [[1, 0]]}', {"X-Proof": PROOF}, 400),
    ],
)
async def test_what_no_page_of_ours_sent_is_not_believed(
    inside: Client, stories: StandingStories, body: str, headers: dict[str, str], status: int
) -> None:
    """Without the proof, from elsewhere, or no spans: nothing is put in the audit."""
    assert (await inside.post(HEARD, data=body, headers=headers)).status == status
    assert stories.notes == []


async def test_who_may_not_listen_finds_nothing_and_is_put_in_the_audit(
    inside: Client, door: Door, stories: StandingStories
) -> None:
    """No right, or not his to see: 404 and a row; a call that there is not leaves none. The page has no player."""
    door.visitor = somebody(Right.LISTEN)
    assert (await inside.get(SOUND)).status == 404
    assert "data-player" not in await text_of(inside, PAGE)
    door.visitor = somebody(sight=Sight(agents=frozenset({"1001"})))
    assert (await inside.get(SOUND)).status == 404
    assert (await inside.get("/recordings/hq/9.9/1/audio")).status == 404
    assert [(each.act, each.subject) for each in stories.notes] == [(Act.REFUSED, CALL_ID)] * 2


@pytest.mark.parametrize("path", ["2/audio", "0/audio", "999/audio", "x/audio", "../../etc/passwd/1/audio"])
async def test_a_recording_that_is_none_is_not_found(inside: Client, path: str) -> None:
    """By a number beyond the last, or none."""
    assert (await inside.get(f"/recordings/{CALL_ID}/{path}")).status == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (wave(b""), "Nothing was recorded"),
        (b"<html>gone</html>", "cannot be read as sound"),
        (None, "not there any more"),
    ],
)
async def test_what_cannot_be_heard_is_said_in_words(
    inside: Client, stories: StandingStories, content: bytes | None, words: str
) -> None:
    """A header alone, no sound, no file: a sentence in the place of a player, and no 500."""
    path = stories.folder / "monitor" / f"{NUMBER}.wav"
    path.unlink()
    if content is not None:
        write(path, content)
    html = await text_of(inside, f"{PAGE}?lang=en")
    assert words in html
    assert "data-player" not in html
    assert (await inside.get(SOUND)).status == 404


async def test_a_recording_in_the_making_is_played_as_far_as_it_goes(
    inside: Client, stories: StandingStories
) -> None:
    """Its header says 0 still: what is there comes behind a right one."""
    write(stories.folder / "monitor" / f"{NUMBER}.wav", wave(conversation()[44:], channels=2, said=0))
    stories.stories[CALL_ID] = going_on(120)
    assert "Still being recorded" in await text_of(inside, f"{PAGE}?lang=en")
    answer = await inside.get(SOUND)
    assert await answer.read() == conversation()


async def test_the_name_of_a_file_is_nowhere_on_the_page(inside: Client, door: Door) -> None:
    """It holds a number; the address does not either."""
    door.visitor = somebody(Right.NUMBERS)
    html = await text_of(inside, PAGE)
    assert f"{NUMBER}.wav" not in html
    assert SOUND in html


def test_a_first_look_is_one_for_an_hour() -> None:
    """And the oldest are forgotten, so that memory stays bounded."""
    firsts = Firsts()
    assert [firsts.of(("a",), NOW), firsts.of(("a",), NOW + WITHIN / 2), firsts.of(("a",), NOW + WITHIN)] == [
        True, False, True,
    ]  # fmt: skip
    for n in range(MOST):
        firsts.of((str(n),), NOW)
    assert firsts.of(("a",), NOW + WITHIN)
    assert not firsts.of((str(MOST - 1),), NOW)


async def test_a_call_without_a_recording_has_no_card(inside: Client, stories: StandingStories) -> None:
    """Nothing is said where there is nothing to say."""
    stories.stories[CALL_ID] = replace(STORY, record=replace(STORY.record, recordings=[]))
    assert 'id="recordings"' not in await text_of(inside, PAGE)
