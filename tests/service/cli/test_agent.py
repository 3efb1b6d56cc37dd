"""`threerings agent`: asks the service that runs, and says what came of it in either language."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.__main__ import main
from tests.service.acting.floor import CUSTOMER, LOCAL, Floor
from tests.service.api.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.api.test_acts import acted

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

BY = ("--by", "1001")


class Asking:
    """Runs commands beside the service, which goes on meanwhile."""

    def __init__(self, folder: Path, floor: Floor, capsys: pytest.CaptureFixture[str]) -> None:
        self.floor, self._folder, self._capsys = floor, folder, capsys

    async def __call__(self, *arguments: str) -> tuple[int, str]:
        """Status, and what was said on either stream."""
        self._capsys.readouterr()
        config = ("--config", str(self._folder / "threerings.toml"))
        status = await asyncio.to_thread(main, ("agent", *arguments, *BY, *config))
        told = self._capsys.readouterr()
        return status, (told.out + told.err.rpartition("threerings: ")[2]).strip()


@asynccontextmanager
async def asking(engine: Engine, folder: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Asking]:
    """A service with a PBX, and settings that lead to it."""
    async with acted(engine) as (floor, served):
        port = served.url.rpartition(":")[2]
        (folder / "threerings.toml").write_text(f'data_dir = "{folder}"\n[http]\nport = {port}\n', encoding="utf-8")
        yield Asking(folder, floor, capsys)


async def test_each_command_says_what_came_of_it(
    store: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence in either language, the public shape as JSON, and the exit status that it means."""
    async with asking(store, tmp_path, capsys) as ask:
        assert await ask("pause", "A03", "--reason", "lunch") == (0, "A03 已示忙。")
        assert ask.floor.pbx.queues.members["support", LOCAL].reason == "lunch"
        assert await ask("unpause", "A03", "--lang", "en") == (0, "A03 is back in the queues.")
        assert await ask("add", "A03", "sales", "--penalty", "2") == (0, "A03 已加入队列 sales。")
        status, told = await ask("remove", "A03", "sales", "--json")
        assert status == 0
        assert '"deed": "remove", "agent": "A03", "subject": "sales", "outcome": "done", "done": true' in told
        status, told = await ask("remove", "A03", "support", "--lang", "en")
        assert status == 2
        assert told.endswith("cannot be taken out here. (support)")
        await ask.floor.talking()
        assert (await ask("listen", "A03", "--phone", "1006"))[0] == 0
        call = f"hq/{CUSTOMER}"
        status, told = await ask("hang-up", call, "--reason", "crank call", "--lang", "en")
        assert (status, told) == (2, f"{call}: found no terminal to ask on, expected --yes")
        ask.floor.pbx.refusing = "Permission denied"
        status, told = await ask("hang-up", call, "--reason", "crank call", "--yes")
        assert (status, told) == (1, "The PBX refused: Permission denied")
        ask.floor.pbx.refusing = ""
        assert await ask("hang-up", call, "--reason", "crank call", "--yes") == (0, "通话已挂断。")


async def test_without_a_service_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 3: something that it needs cannot be reached."""
    config = tmp_path / "threerings.toml"
    config.write_text(f'data_dir = "{tmp_path}"\n[http]\nport = 1\n', encoding="utf-8")
    assert main(("agent", "unpause", "A03", *BY, "--config", str(config))) == 3
    assert "service at 127.0.0.1:1: found" in capsys.readouterr().err
