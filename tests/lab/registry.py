"""The list of scenarios: functions that drive a World through calls whose course is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from tests.lab.world import World

Run = Callable[["World"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named scenario; ``only``: the one flavour that it is for."""

    name: str
    run: Run
    only: str | None = None


SCENARIOS: list[Scenario] = []


@overload
def scenario(run: Run) -> Run: ...
@overload
def scenario(*, only: str) -> Callable[[Run], Run]: ...
def scenario(run: Run | None = None, *, only: str | None = None) -> Run | Callable[[Run], Run]:
    """Register a function as a scenario, under its own name."""

    def register(function: Run) -> Run:
        SCENARIOS.append(Scenario(name=function.__name__, run=function, only=only))
        return function

    return register(run) if run else register


def scenarios_of(flavour: str) -> list[Scenario]:
    """All scenarios of a flavour, in the order of their modules."""
    from tests.lab import scenarios

    scenarios.load()
    return [s for s in SCENARIOS if s.only in (None, flavour)]
