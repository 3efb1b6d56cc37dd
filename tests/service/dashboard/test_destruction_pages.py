"""The rooms of keeping and destroying over HTTP: five persons at their screens, and what comes of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.service.auth.house import PASSWORD, file, light_hashes
from tests.service.dashboard.recorded import MONO, ORPHAN, PATH, STEREO, Recorded, recorded

__all__ = ["file", "light_hashes"]

ROOM = "/recordings/destruction"
LOOKS = 200
"""Each 20 ms after the one before: files of a test are destroyed in a moment."""


@pytest.fixture
async def centre(file: Engine, tmp_path: Path) -> AsyncIterator[Recorded]:
    """A centre that keeps recordings for a day; three of them lie there for longer."""
    async with recorded(file, tmp_path) as found:
        yield found


async def act(centre: Recorded, who: str, path: str, **fields: str) -> tuple[int, str]:
    """Somebody posts a form of a page of his; status, and where it leads or what it says."""
    await centre.log_in_anew(who)
    status, text, headers = await centre.post(path, **fields)
    return status, headers.get("Location", "") if status == 303 else text


async def approved(centre: Recorded) -> None:
    """A list with its three acts."""
    assert await act(centre, "registrar", ROOM, basis="retention") == (303, f"{ROOM}/1")
    assert (await act(centre, "reviewer", f"{ROOM}/1/review"))[0] == 303
    assert (await act(centre, "director", f"{ROOM}/1/approve", note="agreed"))[0] == 303


async def done(centre: Recorded) -> str:
    """The page of the list once it was carried out."""
    for _ in range(LOOKS):
        text = (await centre.get(f"{ROOM}/1?lang=en"))[1]
        if "Carried out" in text and "Being carried out" not in text:
            return text
        await asyncio.sleep(0.02)
    raise AssertionError("it was not carried out")


async def test_five_persons_destroy_and_a_certificate_tells_of_it(centre: Recorded) -> None:
    """From the list to the certificate; the call's page and the recording's say so, and nothing is played any more."""
    await approved(centre)
    for login in ("first", "second"):
        status, _ = await act(centre, "first", f"{ROOM}/1/present", login=login, password=PASSWORD)
        assert status == 303
    assert await act(centre, "second", f"{ROOM}/1/begin") == (303, f"{ROOM}/1")
    text = await done(centre)
    assert "何静" in text
    assert f'href="{ROOM}/certificates/1"' in text
    assert not (centre.root / PATH).exists()
    certificate = (await centre.get(f"{ROOM}/certificates/1?lang=en"))[1]
    assert all(name in certificate for name in ("何静", "许文", "周敏", "钱一", "孙二"))
    assert len(set(re.findall(r"[0-9a-f]{64}", certificate))) == 4  # three files, and the certificate itself
    assert "13800138000" not in certificate
    told = json.loads((await centre.get(f"{ROOM}/certificates/1.json"))[1])
    assert [each["file"] for each in told["destroyed"]] == [STEREO, MONO, ORPHAN]
    own = (await centre.get(f"/recordings/{STEREO}?lang=en"))[1]
    assert "This recording was destroyed on" in own
    assert "data-player" not in own
    assert (await centre.get(f"/recordings/{STEREO}/audio"))[0] == 404
    (centre.root / PATH).write_bytes(b"RIFF")  # somebody lays it there again
    assert (await centre.get(f"/recordings/{STEREO}/audio"))[0] == 404
    assert (await centre.get("/recordings/pbx/1.1/1/audio"))[0] == 404
    await centre.log_in_anew("zhou")
    story = (await centre.get("/calls/pbx/1.1?lang=en"))[1]
    assert "This recording was destroyed on" in story
    assert "Certificate 1" in story
    acts = {
        (act, login)
        for act, login, subject in centre.audited("act", "login", "subject")
        if subject == "destruction 1"
    }
    assert {("changed", "registrar"), ("changed", "director"), ("destroyed", "second")} <= acts


async def test_one_person_in_two_parts_is_refused_in_words(centre: Recorded) -> None:
    """The registrar reviews, the reviewer approves without the right, one alone begins."""
    await act(centre, "registrar", ROOM, basis="retention")
    status, text = await act(centre, "registrar", f"{ROOM}/1/review")
    assert (status, "found registrar, who did make, expected another person" in text) == (409, True)
    await act(centre, "reviewer", f"{ROOM}/1/review")
    assert (await act(centre, "reviewer", f"{ROOM}/1/approve"))[0] == 404
    await act(centre, "director", f"{ROOM}/1/approve")
    await act(centre, "first", f"{ROOM}/1/present", login="first", password=PASSWORD)
    status, text = await act(centre, "first", f"{ROOM}/1/begin")
    assert (status, "found 1 present, expected 2" in text) == (409, True)
    assert (centre.root / PATH).exists()


async def test_who_says_that_he_is_present_must_be_known_and_his_word_ends(centre: Recorded) -> None:
    """A wrong password, or an account without the right, is nobody; a quarter of an hour later nobody is there."""
    await approved(centre)
    for login, password in (("second", "wrong-password"), ("deaf", PASSWORD), ("nobody", PASSWORD)):
        status, text = await act(centre, "first", f"{ROOM}/1/present", login=login, password=password, lang="en")
        assert status == 409
        assert "wrong-password" not in text
    for login in ("first", "second"):
        await act(centre, "first", f"{ROOM}/1/present", login=login, password=PASSWORD)
    centre.time.advance(timedelta(minutes=15))
    status, text = await act(centre, "first", f"{ROOM}/1/begin")
    assert (status, "found 0 present" in text) == (409, True)


async def test_a_hold_is_placed_shown_and_lifted(centre: Recorded) -> None:
    """It takes the recording out of what is due, says so on its page, and stays on record."""
    assert (await act(centre, "zhou", f"{ROOM}/holds", kind="call", target="pbx/1.1", reason="at court"))[0] == 303
    text = (await centre.get(f"{ROOM}?lang=en"))[1]
    assert "at court" in text
    assert "A legal hold keeps this recording" in (await centre.get(f"/recordings/{STEREO}?lang=en"))[1]
    status, text = await act(centre, "zhou", f"{ROOM}/holds", kind="call", target="pbx/9.9", reason="x")
    assert (status, "found none of the id" in text) == (409, True)
    assert (await act(centre, "registrar", ROOM, basis="retention"))[0] == 303
    assert len(re.findall(r'name="item-', (await centre.get(f"{ROOM}/1"))[1])) == 2
    assert (await act(centre, "registrar", f"{ROOM}/holds/1", reason="x"))[0] == 404
    assert (await act(centre, "zhou", f"{ROOM}/holds/1", reason="settled"))[0] == 303
    assert "settled" in (await centre.get(f"{ROOM}?lang=en"))[1]


async def test_a_list_by_hand_needs_a_reason_and_the_reviewer_may_take_off(centre: Recorded) -> None:
    """Numbers of recordings and ids of calls; what is typed otherwise is refused in words."""
    status, text = await act(centre, "registrar", ROOM, basis="by_hand", named="abc", reason="asked for")
    assert (status, "expected numbers of recordings or ids of calls" in text) == (409, True)
    status, _ = await act(centre, "registrar", ROOM, basis="by_hand", named=f"{STEREO} pbx/1.2", reason=" ")
    assert status == 409
    status, where = await act(
        centre, "registrar", ROOM, basis="by_hand", named=f"{STEREO}, pbx/1.2", reason="asked for"
    )
    assert (status, where) == (303, f"{ROOM}/1")
    assert (await act(centre, "reviewer", f"{ROOM}/1/review", **{"item-1": "1", "note": "training"}))[0] == 303
    text = (await centre.get(f"{ROOM}/1?lang=en"))[1]
    assert "Taken off" in text
    assert "training" in text
    assert (await act(centre, "second", f"{ROOM}/1/drop", note="he took it back"))[0] == 303
    assert "Dropped" in (await centre.get(f"{ROOM}/1?lang=en"))[1]


@pytest.mark.parametrize("path", [ROOM, f"{ROOM}/1", f"{ROOM}/certificates/1"])
async def test_who_has_no_part_in_it_has_no_such_pages(centre: Recorded, path: str) -> None:
    """Listening alone is none; reading them changes nothing."""
    await act(centre, "registrar", ROOM, basis="retention")
    await centre.log_in_anew("lead")
    assert (await centre.get(path))[0] == 404
    assert (await act(centre, "lead", ROOM, basis="retention"))[0] == 404
