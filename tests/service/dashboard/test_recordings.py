"""The rooms of recordings over HTTP: who sees and hears what, the player's lanes, and what the audit gets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.service.auth.house import file, light_hashes
from tests.service.dashboard.recorded import GONE, MONO, ORPHAN, STEREO, Recorded, recorded

__all__ = ["file", "light_hashes"]

MONTH = "period=2026-11"


@pytest.fixture
async def centre(file: Engine, tmp_path: Path) -> AsyncIterator[Recorded]:
    """A centre whose calls were recorded."""
    async with recorded(file, tmp_path) as found:
        yield found


async def told(centre: Recorded, path: str) -> str:
    """The text of a page that is there."""
    status, text = await centre.get(path)
    assert status == 200, path
    return text


def files_on(text: str) -> set[int]:
    """The recordings that a list shows."""
    return {n for n in (STEREO, MONO, ORPHAN, GONE) if f'href="/recordings/{n}"' in text}


async def test_the_list_shows_files_with_their_agents_and_each_sort_of_orphan(centre: Recorded) -> None:
    """By the three lists; filters cut further, and a list that is empty says why."""
    await centre.log_in("zhou")
    text = await told(centre, f"/recordings?{MONTH}&lang=zh")
    assert files_on(text) == {STEREO, MONO, GONE}
    assert all(each in text for each in ("王娜娜", "欧阳晓峰", "咨询热线", "双声道", "可听", "文件已不在"))
    assert files_on(await told(centre, f"/recordings?{MONTH}&show=no_call")) == {ORPHAN}
    orphans = await told(centre, f"/recordings?{MONTH}&show=no_file")
    assert "pbx/1.3" in orphans
    assert "pbx/1.2" not in orphans
    assert files_on(await told(centre, f"/recordings?{MONTH}&agent=1006")) == {STEREO}
    assert files_on(await told(centre, f"/recordings?{MONTH}&condition=missing")) == {GONE}
    assert files_on(await told(centre, f"/recordings?{MONTH}&length=30")) == {STEREO}
    assert "没有符合筛选的录音" in await told(centre, f"/recordings?{MONTH}&length=600&lang=zh")
    assert (await centre.get("/recordings?colour=red"))[0] == 400
    assert (await centre.get("/recordings?after=x~y"))[0] == 400


@pytest.mark.parametrize(("login", "seen"), [("zhou", {STEREO, MONO, GONE}), ("lead", {STEREO}), ("codes", {MONO})])
async def test_each_hears_what_he_sees_by_agent_and_by_code_and_nothing_else(
    centre: Recorded, login: str, seen: set[int]
) -> None:
    """In the list, on the page, and as sound; what is refused is in the audit."""
    await centre.log_in(login)
    listed = files_on(await told(centre, f"/recordings?{MONTH}"))
    assert listed - {GONE} == seen - {GONE}
    for number in (STEREO, MONO):
        expected = 200 if number in seen else 404
        assert (await centre.get(f"/recordings/{number}"))[0] == expected
        async with centre.client.get(f"/recordings/{number}/audio") as answer:
            assert answer.status == expected
            assert ("RIFF" in (await answer.read())[:4].decode()) if expected == 200 else True
    refused = {subject for act, subject in centre.audited("act", "subject") if act == "refused"}
    assert refused == {each for n in {STEREO, MONO} - seen for each in (f"recording {n}", f"pbx/1.{n}")}


async def test_who_may_not_listen_has_no_such_pages(centre: Recorded) -> None:
    """Though he sees the whole centre: neither list nor recording nor place in the navigation."""
    await centre.log_in("deaf")
    for path in ("/recordings", f"/recordings/{STEREO}", f"/recordings/{STEREO}/audio", "/recordings/999"):
        assert (await centre.get(path))[0] == 404, path
    assert 'href="/recordings"' not in (await centre.get("/me"))[1]


async def test_the_player_has_a_lane_for_each_side_and_marks_on_the_files_axis(centre: Recorded) -> None:
    """The agents' first, the customer masked; silence, overlap, hold and music; whose talk lies where."""
    await centre.log_in("lead")
    text = await told(centre, f"/recordings/{STEREO}?lang=en")
    agents, customer = text.index("王娜娜, 欧阳晓峰</b>agent, right channel"), text.index("customer, left channel")
    assert agents < customer
    assert "138****8000</b>customer" in text
    for title in (
        "both silent for 4.0 s from 0:07",
        "both talk for 1.5 s from 0:20",
        "on hold for 5.0 s from 0:28",
    ):
        assert title in text
    assert "王娜娜 talks, 0:00–0:28" in text
    assert 'data-jumps="7000-11000,20000-21500"' in text
    assert 'x="17.500%" width="10.000%" y="17"' in text
    assert 'data-only="1"' in text
    assert 'href="/calls/pbx/1.1"' in text


async def test_one_channel_has_one_lane_and_no_side_alone(centre: Recorded) -> None:
    """What is quiet in its waveform can be leapt to, as long as nothing was heard of it."""
    await centre.log_in("zhou")
    text = await told(centre, f"/recordings/{MONO}?lang=en")
    assert text.count("data-seek") == 1
    assert "both sides in one channel" in text
    assert "data-only" not in text
    assert "Whose talk lies where in this file is not known." in text


async def test_a_file_that_is_gone_or_without_a_call_says_so(centre: Recorded) -> None:
    """There is no player of one that is missing; one without a call is for who sees the centre."""
    await centre.log_in("zhou")
    gone = await told(centre, f"/recordings/{GONE}?lang=en")
    assert "The file is not there any more" in gone
    assert "data-player" not in gone
    assert "belongs to no call that is known" in await told(centre, f"/recordings/{ORPHAN}?lang=en")
    await centre.log_in_anew("lead")
    assert (await centre.get(f"/recordings/{ORPHAN}"))[0] == 404


async def test_the_page_of_the_call_has_the_same_player(centre: Recorded) -> None:
    """With its lanes, and a way to the recording's own page."""
    await centre.log_in("zhou")
    text = await told(centre, "/calls/pbx/1.1?lang=en")
    assert "王娜娜, 欧阳晓峰</b>agent, right channel" in text
    assert f'href="/recordings/{STEREO}"' in text


async def test_listening_and_taking_a_file_are_put_in_the_audit(centre: Recorded) -> None:
    """Opened once, heard with its milliseconds, taken with a name that tells nothing; a part is no second row."""
    await centre.log_in("zhou")
    proof = await centre.proof()
    for _ in range(2):
        assert (
            await centre.client.get(f"/recordings/{STEREO}/audio", headers={"Range": "bytes=0-99"})
        ).status == 206
    body = json.dumps({"spans": [[0, 4000], [3000, 5000], [39_000, 99_000]]})
    heard = await centre.client.post(f"/recordings/{STEREO}/heard", data=body, headers={"X-Proof": proof})
    assert heard.status == 204
    taken = await centre.client.get(f"/recordings/{STEREO}/download")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="recording-1.wav"'
    assert len(await taken.read()) == 40 * 8000 * 4 + 44
    rows = [
        (act, subject, json.loads(details))
        for act, subject, details in centre.audited("act", "subject", "details")
        if act in ("listened", "exported")
    ]
    assert rows == [
        ("listened", "pbx/1.1", {"file": STEREO, "opened": True}),
        ("listened", "pbx/1.1", {"file": STEREO, "heard_ms": 6000, "length_ms": 40_000}),
        ("exported", "pbx/1.1", {"file": STEREO, "what": "recording"}),
    ]


async def test_a_file_is_taken_only_by_who_may_export(centre: Recorded) -> None:
    """Who may listen alone finds no button, and nothing behind its address."""
    await centre.log_in("lead")
    assert "/download" not in await told(centre, f"/recordings/{STEREO}")
    assert (await centre.get(f"/recordings/{STEREO}/download"))[0] == 404
    assert ("refused", "pbx/1.1") in centre.audited("act", "subject")


async def test_what_was_heard_is_told_by_the_page_alone(centre: Recorded) -> None:
    """Without the proof of its page nothing is noted."""
    await centre.log_in("zhou")
    answer = await centre.client.post(f"/recordings/{STEREO}/heard", data='{"spans": [[0, 1000]]}')
    assert answer.status == 403
    assert "listened" not in [act for (act,) in centre.audited("act")]


async def test_without_the_right_to_numbers_no_name_of_a_file_is_shown(centre: Recorded) -> None:
    """The PBX writes numbers into names of files."""
    await centre.log_in("lead")
    for path in (f"/recordings?{MONTH}", f"/recordings/{STEREO}"):
        assert "13800138000" not in await told(centre, path)
    await centre.log_in_anew("zhou")
    assert "q-13800138000-1.1.wav" in await told(centre, f"/recordings/{STEREO}")
