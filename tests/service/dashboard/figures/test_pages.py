"""The pages of records and figures over captured calls: both languages, refusals, rights, files and their audit."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from service.auth.models import audit_log
from service.auth.rights import EVERY_RIGHT, Right
from telephony.calls.facts import CallFact
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.figures.conftest import DAYS, LONG_QUEUE, OPEN, facts, leader, serving
from tests.service.dashboard.figures.reading import added_up, read
from tests.service.dashboard.test_pages import INLINE, Balance, text_of

BOTH = f"{DAYS[0]}..{DAYS[1]}"
PAGES = (
    f"/agents?period={BOTH}", f"/agents/1001?period={BOTH}", "/agents/1001?period=2026-11&tab=days",
    "/agents/1001?period=2026-11&tab=codes", f"/queues?period={BOTH}", f"/queues/{LONG_QUEUE}?period={BOTH}",
    f"/calls?period={BOTH}", f"/calls?figure=talk_minutes&period={BOTH}", f"/three-rings?period={BOTH}",
    f"/three-rings?period={BOTH}&view=caller", "/minutes/2026-11?open=1001", "/reports",
)  # fmt: skip
EMPTY = (
    "/agents?period=2020-01&group=none", "/queues?period=2020-01", "/calls?period=2020-01", "/minutes/2020-01",
    "/three-rings?period=2020-01", "/three-rings?period=2020-01&view=caller", "/agents/1001?period=2020-01",
)  # fmt: skip
NUMBERS = sorted({fact.customer for fact in facts() if isinstance(fact, CallFact) and fact.customer}, key=len)[-3:]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_stands_in_both_languages(client: Client, path: str, language: str) -> None:
    """Tags are balanced, ids unique, nothing inline, and with all that it needs it weighs under 300 kB."""
    html = await text_of(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
    told = Balance()
    told.feed(html)
    assert (told.open, told.wrong) == ([], [])
    assert len(set(told.ids)) == len(told.ids)
    assert not INLINE.search(html)
    needed = {each.partition("#")[0] for each in re.findall(r'(?:src|href)="(/static/[^"]+)"', html)}
    weights = [
        len(await (await client.get(each)).read()) for each in {*needed, "/static/inter-latin-wght-normal.woff2"}
    ]
    assert len(html.encode()) + sum(weights) < 300_000


@pytest.mark.parametrize("path", EMPTY)
async def test_days_without_calls_say_why_they_are_empty(client: Client, path: str) -> None:
    """No rate of nothing, a sentence, and a way out."""
    html = await text_of(client, f"{path}{'&' if '?' in path else '?'}lang=en")
    assert ">0%<" not in html
    assert ">100<small>%" not in html
    assert 'class="empty"' in html or "—" in html


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/calls?directon=inbound", "directon"),
        ("/calls?disposition=lost", "disposition"),
        ("/calls?figure=three_ring_rate", "figure"),
        ("/calls?figure=occupancy", "figure"),
        ("/calls?figure=ring_late&known=repaired", "known"),
        ("/calls?figure=calls&agent=1001", "agent"),
        ("/calls?hour=09", "hour"),
        ("/calls?figure=calls&hour=24", "hour"),
        ("/calls?after=yesterday", "after"),
        ("/calls?figure=calls&after=1~2~3", "after"),
        ("/calls?sort=talk", "sort"),
        ("/calls?column=number", "column"),
        ("/agents?sort=-height", "sort"),
        ("/agents?period=2026-13", "period"),
        ("/three-rings?view=mine", "view"),
        ("/minutes/2026-11-20", "period"),
        ("/agents/1001?tab=secrets", "tab"),
    ],
)
async def test_what_an_address_says_wrongly_is_refused_in_words(client: Client, path: str, key: str) -> None:
    """400, with the key that is meant."""
    async with client.get(f"{path}&lang=en" if "?" in path else f"{path}?lang=en") as answer:
        assert answer.status == 400
        assert f"{key}: found" in await answer.text()


@pytest.mark.parametrize("path", ["/agents/nobody", "/calls?customer=C-1", "/files/secrets.csv"])
async def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    """An agent whom nobody knows, a customer whom nobody registered, a file of nothing."""
    assert (await client.get(path)).status == 404


async def test_tables_sort_by_every_head_and_back(client: Client) -> None:
    """The greatest first, then the least; rows without a value come last."""
    html = await text_of(client, f"/agents?period={BOTH}&sort=-talk_minutes&lang=en")
    minutes = [int(each) for each in re.findall(r'data-figure="talk_minutes" data-exact="(\d+)"', html)][:-2]
    assert minutes == sorted(minutes, reverse=True)
    assert 'aria-sort="descending"' in html
    assert "sort=talk_minutes" in html


async def test_a_page_says_its_days_and_up_to_when(client: Client) -> None:
    """The as-of instant where days go on, the days before to compare with, and no step beyond today."""
    html = await text_of(client, "/queues?period=today&lang=en")
    assert "up to Sun 22 Nov 15:42:18" in html
    assert "The period before" in html
    assert 'rel="next"' not in html
    assert re.search(r'rel="prev"[^>]*period=2026-11-21"', html)


# -- rights ---------------------------------------------------------------------------------------


async def test_a_leader_sees_the_figures_of_his_agents_only(engine: Engine) -> None:
    """Others' pages are not there, totals are of what he sees and say so, and numbers are masked."""
    async with serving(engine, leader(agents=frozenset({"1001", "1004"}))) as client:
        html = await text_of(client, f"/agents?period={BOTH}&lang=en")
        assert set(re.findall(r'href="/agents/(\d+)', html)) == {"1001", "1004"}
        assert "of whom you see" in html
        assert (await client.get("/agents/1002")).status == 404
        assert (await client.get("/calls?agent=1002")).status == 404
        whole, _ = await added_up(client, f"/calls?figure=talk_minutes&period={BOTH}")
        parts = [
            (await added_up(client, f"/calls?figure=talk_minutes&period={BOTH}&agent={a}"))[0]
            for a in ("1001", "1004")
        ]
        assert whole == sum(each or 0 for each in parts)
        calls = await text_of(client, f"/calls?period={BOTH}")
        assert not any(number in calls for number in NUMBERS)
        assert (await client.post("/calls/search", data={"number": NUMBERS[0], "proof": "proof"})).status == 404


async def test_a_leader_of_a_queue_sees_its_calls(engine: Engine) -> None:
    """Its waits, its callers, and no other queue."""
    async with serving(engine, leader(queues=frozenset({"sales"}))) as client:
        html = await text_of(client, f"/queues?period={BOTH}")
        assert set(re.findall(r'href="/queues/([a-z]+)\?', html)) == {"sales"}
        assert (await client.get("/queues/support")).status == 404
        visits, _ = await added_up(client, f"/calls?figure=visits&period={BOTH}")
        assert (await read(client, f"/agents?period={BOTH}")).openings == []
    async with serving(engine) as client:
        assert visits == (await added_up(client, f"/calls?figure=visits&period={BOTH}&queue=sales"))[0]
        assert visits


@pytest.mark.parametrize(
    ("lacking", "path"),
    [
        (Right.RECORDS, "/agents"),
        (Right.RECORDS, "/calls"),
        (Right.FIGURES, "/minutes"),
        (Right.FIGURES, "/three-rings"),
        (Right.FIGURES, "/reports"),
        (Right.EXPORT, "/files/agents.csv"),
        (Right.FIGURES, "/files/minutes.csv"),
        (Right.NUMBERS, "/files/missed.csv"),
    ],
)
async def test_without_the_right_a_page_is_not_there(engine: Engine, lacking: Right, path: str) -> None:
    """404, as for what does not exist."""
    async with serving(engine, replace(OPEN, rights=EVERY_RIGHT - {lacking})) as client:
        assert (await client.get(path)).status == 404


# -- numbers --------------------------------------------------------------------------------------


async def test_a_search_by_number_shows_its_calls_and_is_audited_without_it(client: Client, engine: Engine) -> None:
    """The number is in the post and on the page, and neither in an address nor in the audit."""
    form = {"number": f" {NUMBERS[0]} ", "proof": "proof"}
    headers = {"Origin": str(client.make_url("")).rstrip("/")}
    async with client.post("/calls/search", data=form, headers=headers) as answer:
        assert answer.status == 200
        html = await answer.text()
    assert NUMBERS[0] in html
    assert "data-row" in html
    assert not any(NUMBERS[0] in href for href in re.findall(r'href="([^"]*)"', html))
    with engine.connect() as connection:
        (row,) = connection.execute(select(audit_log)).all()
    assert (row.act, row.login) == ("looked", "zhou")
    assert NUMBERS[0] not in json.dumps(list(row), default=str)


@pytest.mark.parametrize(("form", "status"), [({"number": "abc", "proof": "proof"}, 400), ({"number": "138"}, 403)])
async def test_a_search_that_is_none_or_not_ours_finds_nothing(
    client: Client, form: dict[str, str], status: int
) -> None:
    """A number has digits; a post without our page's proof is refused."""
    assert (await client.post("/calls/search", data=form)).status == status


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["agents", "agent", "queues", "queue", "three-rings", "minutes", "load", "missed", "calls"]
)
async def test_every_page_has_its_files_and_who_took_them_is_audited(
    client: Client, engine: Engine, page: str
) -> None:
    """CSV and Excel have the same rows; the audit names the file and how many rows it had."""
    query = f"period={BOTH}" + {"agent": "&agent=1001", "queue": "&queue=support"}.get(page, "")
    async with client.get(f"/files/{page}.csv?{query}") as answer:
        assert answer.status == 200, await answer.text()
        rows = list(csv.reader(io.StringIO((await answer.text()).lstrip("\ufeff"))))
    async with client.get(f"/files/{page}.xlsx?{query}&lang=en") as answer:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="threerings-{page}-{BOTH}.xlsx"'
        book = load_workbook(io.BytesIO(await answer.read()))
    assert book.worksheets[0].max_row == len(rows) > 1
    with engine.connect() as connection:
        told = connection.execute(select(audit_log.c.subject, audit_log.c.details)).all()
    assert [each.subject for each in told] == [f"threerings-{page}-{BOTH}.{form}" for form in ("csv", "xlsx")]
    assert {json.loads(each.details)["rows"] for each in told} == {len(rows) - 1}


async def test_a_file_of_the_calls_behind_a_figure_adds_up_to_it(client: Client) -> None:
    """The exact parts of its rows are the figure of the page."""
    path = f"figure=talk_minutes&period={BOTH}&agent=1001"
    figure, _ = await added_up(client, f"/calls?{path}")
    async with client.get(f"/files/calls.csv?{path}") as answer:
        rows = list(csv.DictReader(io.StringIO((await answer.text()).lstrip("\ufeff"))))
    assert figure == sum(int(row["exact"]) for row in rows) > 0


async def test_a_file_hides_numbers_from_who_may_not_see_them(engine: Engine) -> None:
    """Masked as on the pages."""
    async with (
        serving(engine, replace(OPEN, rights=EVERY_RIGHT - {Right.NUMBERS})) as client,
        client.get(f"/files/calls.csv?period={BOTH}") as answer,
    ):
        text = await answer.text()
    assert "****" in text
    assert not any(number in text for number in NUMBERS)
