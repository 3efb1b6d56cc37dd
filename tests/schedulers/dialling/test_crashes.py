"""A scheduler is killed at any step: nobody is dialled twice, and nobody is forgotten.

A step is a statement to the database, a commit, or an order on its way: before it left, and after. Whoever is killed
does nothing any more; another scheduler begins a second later. What the PBX was asked for becomes a call that the facts
know of, whoever is dead.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from schedulers.campaigns.records import Phase
from schedulers.dialling.runner import Runner
from schedulers.followups.records import FollowUp
from schedulers.storage.dial_reading import load_holds
from telephony.dialler import Order, Placed
from tests.schedulers.dialling.world import RINGS, SECOND, Centre

CONTACTS = 3
STEP = 8 * SECOND
ROUNDS = 23
"""Three minutes: longer than a lease and than anything is waited for."""


class Killed(BaseException):
    """The process is gone."""


class Death:
    """Comes at a step, and stays until the next process begins."""

    def __init__(self, at: int | None) -> None:
        self.at, self.steps, self.is_dead = at, 0, False

    def step(self, *anything: object) -> None:
        """One more step; raises Killed at the one that was chosen, and at all after it."""
        self.steps += 1
        if self.steps == self.at:
            self.is_dead = True
        if self.is_dead:
            raise Killed

    @contextmanager
    def of(self, engine: Engine) -> Iterator[None]:
        """Death may come at each statement and each commit."""
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, self.step)
        try:
            yield
        finally:
            for name in ("before_cursor_execute", "commit"):
                event.remove(engine, name, self.step)


async def killed_at(centre: Centre, at: int | None, ticks: int = 2) -> int:
    """A scheduler works, and is killed at a step (None: it lives); how many steps it took."""
    death = Death(at)

    def answers(order: Order) -> Placed:
        death.step()  # it has not left yet
        return Placed.SENT

    class Dying:
        """The dialler of a process that may die once the order has left."""

        connected = True

        async def place(self, order: Order) -> tuple[Placed, str]:
            told = await centre.pbx.place(order)
            death.step()
            return told

        living, hold = centre.pbx.living, centre.pbx.hold

    centre.pbx.answers = answers
    runner = centre.runner(diallers={"pbx": Dying()})
    with death.of(centre.store), suppress(Killed):
        for _ in range(ticks):
            await runner.tick()
            await runner.idle()
            centre.clock.at += SECOND
    with suppress(Killed):
        await runner.idle()
    centre.pbx.answers = lambda order: Placed.SENT
    return death.steps


async def go_on(centre: Centre, runner: Runner) -> None:
    """Another scheduler works; the PBX's calls ring in vain and are heard of."""
    for _ in range(ROUNDS):
        await runner.tick()
        await runner.idle()
        known = {each.channel_id: each for each in centre.attempts()}
        for when, order in centre.pbx.orders:
            if order.channel_id in centre.pbx.up and when + RINGS <= centre.clock.at:
                centre.end(known[order.channel_id])
        centre.hear()
        centre.clock.at += STEP


def faults(centre: Centre, owed: Sequence[FollowUp]) -> Iterator[str]:
    """What is wrong: more than one order for a contact, one who was neither tried nor is known to be lost, a rest."""
    orders = Counter(order.channel_id for _, order in centre.pbx.orders) + Counter(centre.pbx.numbers())
    yield from (f"{each}: {count} orders" for each, count in orders.items() if count > 1)
    tried = Counter(
        each.customer for each in centre.attempts() if each.phase in {Phase.NOT_ANSWERED, Phase.INDETERMINATE}
    )
    customers = {f"C-{number}" for number in range(1, CONTACTS + 1)}
    yield from (f"{each}: {tried[each]} tries" for each in customers | tried.keys() if tried[each] != 1)
    yield from (f"{each.id}: counted {each.counted}" for each in map(centre.now_of, owed) if each.counted != 1)
    yield from (f"{each.channel_id}: lives" for each in centre.attempts() if each.is_live)
    with centre.store.connect() as connection:
        yield from (f"{each.agent}: is not given back" for each in load_holds(connection))
    yield from (f"{each}: is out of its queues" for each in centre.pbx.held)


async def run(store: Engine, folder: Path, at: int | None) -> tuple[int, list[str]]:
    """One life, one death, and what another one made of it: the number of steps, and what is wrong."""
    centre = Centre(store, folder)
    owed = centre.owe(CONTACTS)
    steps = await killed_at(centre, at)
    centre.clock.at += SECOND
    await go_on(centre, centre.runner())
    return steps, list(faults(centre, owed))


@pytest.mark.parametrize("seed", range(3))
async def test_killed_anywhere_nobody_is_dialled_twice_or_forgotten(
    store: Engine, tmp_path: Path, seed: int
) -> None:
    """A seeded step of the first hundred."""
    at = random.Random(seed).randrange(1, 100)
    _, wrong = await run(store, tmp_path, at)
    assert wrong == [], f"killed at step {at}"


async def test_without_a_death_everybody_is_dialled_once(store: Engine, tmp_path: Path) -> None:
    """And the steps are as many as are tried below, or more would have to be."""
    steps, wrong = await run(store, tmp_path, None)
    assert wrong == []
    assert 60 < steps < EVERY_STEP


EVERY_STEP = 120


@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, EVERY_STEP, 3))
async def test_killed_at_a_third_of_all_steps(migrated_store: Engine, tmp_path: Path, at: int) -> None:
    """Every third of all steps."""
    _, wrong = await run(migrated_store, tmp_path, at)
    assert wrong == []
