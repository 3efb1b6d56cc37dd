"""Recordings by the API: pages of files, one whole, its sound by ranges; who may, and what the audit gets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from service.auth import tokens
from service.auth.tokens import Scope
from tests.service.auth.house import file, light_hashes
from tests.service.dashboard.recorded import GONE, MONO, NOW, ORPHAN, PATH, STEREO, Recorded, recorded

__all__ = ["file", "light_hashes"]

ALL = "/api/v1/recordings"


@pytest.fixture
async def centre(file: Engine, tmp_path: Path) -> AsyncIterator[Recorded]:
    """A centre whose calls were recorded; tokens are asked for, since people have accounts."""
    async with recorded(file, tmp_path) as found:
        yield found


def bearer(centre: Recorded, *scopes: Scope) -> dict[str, str]:
    """The header of a token with these scopes."""
    with centre.engine.begin() as connection:
        _, shown = tokens.create(connection, "test", scopes, NOW)
    return {"Authorization": f"Bearer {shown}"}


async def asked(centre: Recorded, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    """Status and JSON."""
    async with centre.client.get(path, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_files_are_listed_page_by_page_without_a_number_of_anybody(centre: Recorded) -> None:
    """The newest first; by agent and by condition; no name of a file, which may hold a number."""
    reader, path, numbers = bearer(centre, Scope.READ), f"{ALL}?period=2026-11&limit=2", []
    while True:
        status, body = await asked(centre, path, reader)
        assert status == 200
        assert PATH not in json.dumps(body)
        numbers += [each["id"] for each in body["recordings"]]
        if body["next_after"] is None:
            break
        path = f"{ALL}?period=2026-11&limit=2&after={body['next_after']}"
    assert numbers == [ORPHAN, MONO, GONE, STEREO]
    _, body = await asked(centre, f"{ALL}?period=2026-11&agent=1006", reader)
    assert [(each["id"], each["agents"], each["layout"]) for each in body["recordings"]] == [
        (STEREO, ["1004", "1006"], "apart")
    ]
    _, body = await asked(centre, f"{ALL}?period=2026-11&condition=missing", reader)
    assert [each["id"] for each in body["recordings"]] == [GONE]
    status, body = await asked(centre, f"{ALL}?period=2026-11&after=bm9uZQ", reader)
    assert (status, body["error"]["error_id"]) == (400, "bad_cursor")


async def test_one_tells_whose_talk_lies_where(centre: Recorded) -> None:
    """With its holds and marks, in whole milliseconds of the file."""
    reader = bearer(centre, Scope.READ)
    _, body = await asked(centre, f"{ALL}/{STEREO}", reader)
    assert [(each["agent"], each["from_ms"], each["to_ms"]) for each in body["spans"]] == [
        ("1004", 0, 28_000),
        ("1006", 33_000, 40_000),
    ]
    assert body["marks"]["overlaps"] == [[20_000, 21_500]]
    assert (body["destroyed_at"], body["certificate"]) == (None, None)
    status, body = await asked(centre, f"{ALL}/999", reader)
    assert (status, body["error"]["error_id"]) == (404, "recording_not_found")


async def test_the_sound_needs_its_scope_and_is_put_in_the_audit(centre: Recorded) -> None:
    """Whole and by ranges; a range from the middle is no second row; a file that is gone has no sound."""
    status, _ = await asked(centre, f"{ALL}/{STEREO}/audio", bearer(centre, Scope.READ))
    assert status == 403
    hears = bearer(centre, Scope.READ, Scope.RECORDINGS)
    async with centre.client.get(f"{ALL}/{STEREO}/audio", headers=hears) as answer:
        assert (answer.status, answer.content_type, len(await answer.read())) == (200, "audio/wav", 1_280_044)
    async with centre.client.get(f"{ALL}/{STEREO}/audio", headers={**hears, "Range": "bytes=100-199"}) as answer:
        assert (answer.status, len(await answer.read())) == (206, 100)
    status, _ = await asked(centre, f"{ALL}/{GONE}/audio", hears)
    assert status == 404
    rows = [row for row in centre.audited("act", "subject", "role") if row[0] == "listened"]
    assert rows == [("listened", "pbx/1.1", "token")]


async def test_a_session_asks_as_its_rights_allow(centre: Recorded) -> None:
    """Who sees a part of the centre has the pages; who may not listen has nothing."""
    await centre.log_in("zhou")
    assert (await asked(centre, f"{ALL}/{STEREO}", {}))[0] == 200
    for login in ("lead", "deaf"):
        await centre.log_in_anew(login)
        assert (await asked(centre, f"{ALL}/{STEREO}", {}))[0] == 403
