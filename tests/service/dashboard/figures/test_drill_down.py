"""What a figure opens adds up to it: every link of every page, over captured calls."""

from __future__ import annotations

import pytest

from tests.service.dashboard.conftest import Client
from tests.service.dashboard.figures.conftest import DAYS, LONG_QUEUE
from tests.service.dashboard.figures.reading import Opening, added_up, read

BOTH_DAYS = f"{DAYS[0]}..{DAYS[1]}"
PAGES = (
    f"/agents?period={BOTH_DAYS}",
    f"/agents?period={DAYS[1]}&sort=-talk_minutes&group=咨询一组",
    f"/agents/1001?period={BOTH_DAYS}",
    "/agents/1002?period=2026-11&tab=days",
    "/agents/1001?period=2026-11&tab=codes",
    f"/queues?period={BOTH_DAYS}",
    f"/queues/support?period={BOTH_DAYS}",
    f"/queues/{LONG_QUEUE}?period={DAYS[0]}",
    f"/three-rings?period={BOTH_DAYS}",
    f"/three-rings?period={BOTH_DAYS}&queue=support",
    f"/three-rings?period={BOTH_DAYS}&view=caller",
    "/minutes/2026-11?open=1001",
)


@pytest.mark.parametrize("path", PAGES)
async def test_every_figure_opens_to_what_adds_up_to_it(client: Client, path: str) -> None:
    """The opened list names the very figure, and the parts of its calls, over all pages, are its sum."""
    openings = {each.href: each for each in (await read(client, path)).openings}
    assert openings
    differing = [each for each in openings.values() if not await _adds_up(client, each)]
    assert differing == []


ADDED: dict[str, tuple[int | None, int]] = {}
"""What was added up before: several pages open the same list."""


async def _adds_up(client: Client, opening: Opening) -> bool:
    if opening.href not in ADDED:
        ADDED[opening.href] = await added_up(client, opening.href)
    return ADDED[opening.href] == (opening.exact, opening.exact)


async def test_a_talk_across_the_edge_of_a_day_is_in_both_with_its_part_of_each(client: Client) -> None:
    """The milliseconds of both days are those of the two together, and some call is in both."""
    days = [await read(client, f"/calls?figure=talk_minutes&period={day}") for day in DAYS]
    figures = [(await added_up(client, f"/calls?figure=talk_minutes&period={day}"))[0] for day in DAYS]
    whole, total = await added_up(client, f"/calls?figure=talk_minutes&period={BOTH_DAYS}")
    assert all(days)
    assert all(figures)
    assert whole == total == sum(each or 0 for each in figures)


async def test_the_list_counts_every_call_of_the_days_once(client: Client) -> None:
    """The pages of the plain list have as many rows as the figure of calls says."""
    async with client.get(f"/calls?period={BOTH_DAYS}&lang=en") as response:
        said = await response.text()
    seen: list[str] = []
    path = f"/calls?period={BOTH_DAYS}"
    while path:
        async with client.get(path) as response:
            text = await response.text()
        seen += [part.partition('"')[0] for part in text.split('<td class="num mute"><a class="lk" href="')[1:]]
        page = await read(client, path)
        path = page.following
    figure, _ = await added_up(client, f"/calls?figure=calls&period={BOTH_DAYS}")
    assert len(seen) == len(set(seen)) == figure
    assert f"{figure:,} calls" in said
