"""Everything that a run asks of campaigns, in one place: commands of `threerings`, and the API where agents work."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.lab.campaigns.attempts import Told, told
from tests.lab.campaigns.centre import KIND, PBX, TRUNK

PAGE = 500


class Asking(Protocol):
    """What posts to the service."""

    def post(self, path: str, body: dict[str, Any]) -> Any: ...

    def get(self, path: str) -> Any: ...


class Campaigns:
    """The campaigns of a stage. `command` runs `threerings` with words and gives what it printed."""

    def __init__(self, command: Callable[..., str], api: Asking) -> None:
        self._command, self._api = command, api

    def create(self, name: str, mode: str, customers: Path, agents: Sequence[str]) -> int:
        """A campaign over a list, for these agents; its id."""
        options = ("--mode", mode, "--kind", KIND, "--pbx", PBX, "--trunk", TRUNK, "--list", str(customers))
        callers = [word for agent in agents for word in ("--agent", agent)]
        made = json.loads(self._command("campaign", "create", name, *options, *callers, "--by", "1001", "--json"))
        return int(made["campaign"]["id"])

    def start(self, campaign: int) -> None:
        self._command("campaign", "start", str(campaign), "--by", "1001")

    def stop(self, campaign: int) -> None:
        self._command("campaign", "stop", str(campaign), "--by", "1001", "--yes")

    def attempts(self, campaign: int) -> list[Told]:
        """Every attempt, the oldest first."""
        found: list[Told] = []
        while True:
            after = str(found[-1].id if found else 0)
            options = ("--limit", str(PAGE), "--after", after, "--json")
            lines = self._command("campaign", "attempts", str(campaign), *options).splitlines()
            found += [told(json.loads(line)) for line in lines]
            if len(lines) < PAGE:
                return found

    def next(self, agent: str) -> tuple[int, str] | None:
        """The attempt whose record an agent looks at, and its customer; None where there is nothing for him."""
        found = self._api.post(f"/api/v1/agents/{agent}/next", {})["record"]
        return None if found is None else (int(found["attempt"]["id"]), found["attempt"]["customer"])

    def dial(self, attempt: int, agent: str) -> None:
        self._api.post(f"/api/v1/attempts/{attempt}/dial", {"agent": agent})

    def skip(self, attempt: int, agent: str, reason: str) -> None:
        self._api.post(f"/api/v1/attempts/{attempt}/skip", {"agent": agent, "reason": reason})
