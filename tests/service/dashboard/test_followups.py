"""The pages of follow-ups over a store: figures that add up, whose they are, what is done to them and undone."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, insert, select, update

from schedulers.campaigns.records import Campaign, DialMode, Why
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.campaigns import By, create
from schedulers.storage.dial_refusals import Refusal, note_refusals
from schedulers.storage.followup_models import follow_up_changes, follow_ups
from service.auth.models import audit_log
from service.auth.rights import Right
from service.dashboard.promises.calendar_days import weeks_of
from service.desk.desk import Desk
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.dashboard import promised
from tests.service.dashboard.people import NOW
from tests.service.dashboard.promise_pages import ANYBODY, PROOF, figures, leader, pages_for, posted, shown

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

ITEMS = 33
ID = re.compile(r'href="/followups/([0-9a-f]{20})"')


@pytest.fixture
def desk(store: Engine, tmp_path: Path) -> Desk:
    """A centre that owes things, on either database."""
    promised.furnish(store, ITEMS)
    made = promised.desk_of(store, tmp_path)
    promised.live(made, ITEMS)
    return made


def parts(page: str) -> list[int]:
    """The numbers of the equation, what was due first."""
    eq = page.split('class="eq"')[1].split('class="side"')[0]
    return [int(each.replace(",", "")) for each in re.findall(r'<a class="lk"[^>]*>([\d,]+)</a>', eq)]


async def test_every_figure_opens_as_many_items_as_it_says(desk: Desk) -> None:
    """The equation, kinds, calendar days, reasons, now and at an instant in the past: each link leads to its count."""
    async with pages_for(desk) as client:
        past = f"{NOW - timedelta(days=9):%Y-%m-%dT%H:%M}"
        for query in (
            "",
            "?period=2026-11&kind=report",
            f"?period=2026-11&as_of={past}",
            "?group=sales&month=2026-10",
        ):
            page = await shown(client, "/followups" + query)
            due, *rest = parts(page)
            assert due == sum(rest) > 0
            told = figures(page)
            assert len(told) > 8
            for path, number in dict(told).items():
                behind = await shown(client, path)
                assert f'data-total="{number}"' in behind, (path, number)
                assert len(ID.findall(behind)) == min(number, 50)


async def test_an_equation_that_fails_is_said_and_not_shown(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A follow-up that stands in two ways at once: no bar, no figures, a sentence, and an error in the log."""
    with desk.engine.begin() as connection:
        row = dict(
            connection.execute(select(follow_up_changes).where(follow_up_changes.c.until_us.is_(None)))
            .mappings()
            .first()
            or {}
        )
        connection.execute(insert(follow_up_changes).values({**row, "revision": 99}))
    async with pages_for(desk) as client:
        page = await shown(client, "/followups?period=2026-10-01..2026-12-31&lang=en")
    assert "this is a mistake of ours" in page
    assert 'class="eq"' not in page
    assert "followups.equation_fails" in capsys.readouterr().out


async def test_a_leader_sees_and_changes_those_of_his_own_only(desk: Desk) -> None:
    """Equation, lists, stories and acts are of his agents, groups and branches; the rest is not there for him."""
    visitor = leader({"1002", "1003"}, {"service"})
    everything, others = await _open_of(desk), []
    with desk.engine.connect() as connection:
        items = load_follow_ups(connection, promised.open_ids(desk))
    own = {each.id for each in items.values() if each.owner in {"1002", "1003"} or each.group == "service"}
    others = sorted(set(items) - own)
    assert own
    assert others
    assert everything == set(items)
    async with pages_for(desk, visitor) as client:
        listed = set(ID.findall(await shown(client, "/followups/list?state=all")))
        assert listed == own
        page = await shown(client, "/followups")
        assert "13800" not in page.replace("138****", "")
        assert sum(parts(page)[1:]) == parts(page)[0] > 0
        await shown(client, f"/followups/{others[0]}", 404)
        form = (("what", "close"), ("reason", "withdrawn"), ("note", "x"), ("id", others[0]))
        assert "没有选中任何一项" in await posted(client, "/followups/ask", *form)
        await posted(client, "/followups/do", *form, status=400)
    async with pages_for(desk, leader(set(), branches={"华南"})) as client:
        rows = await shown(client, "/followups/list?state=all")
        assert 0 < len(ID.findall(rows)) == rows.count("<small>华南</small>")
    with desk.engine.connect() as connection:
        assert load_follow_ups(connection, [others[0]])[others[0]].is_open
        assert connection.execute(select(audit_log)).all() == []


async def test_a_figure_leaves_the_house_with_the_right_and_on_record(desk: Desk) -> None:
    """The rows of a file are those of the page; numbers stay hidden; who may not export gets no file and no button."""
    async with pages_for(desk) as client:
        page = await shown(client, "/followups?period=2026-11")
        for name, rows in (("coverage", None), ("items", parts(page)[0])):
            async with client.get(f"/followups/{name}.xlsx?period=2026-11&lang=en") as response:
                assert response.status == 200
                sheet = load_workbook(io.BytesIO(await response.read())).worksheets[0]
            found = list(sheet.iter_rows(min_row=2, values_only=True))
            assert rows is None or len(found) == rows
            if name == "coverage":
                assert sum(int(str(row[2])) for row in found) == parts(page)[0]
    async with pages_for(desk, leader({"1002"})) as client:
        assert ".xlsx" not in await shown(client, "/followups")
        await shown(client, "/followups/items.xlsx", 404)
    with desk.engine.connect() as connection:
        noted = connection.execute(select(audit_log.c.act, audit_log.c.subject)).all()
    assert [tuple(row) for row in noted] == [
        ("exported", "coverage-2026-11.xlsx"), ("exported", "followups-2026-11.xlsx"),
    ]  # fmt: skip


async def _open_of(desk: Desk) -> set[str]:
    async with pages_for(desk) as client:
        return set(ID.findall(await shown(client, "/followups/list?state=all")))


async def test_many_are_handed_over_told_of_one_by_one_and_undone(desk: Desk) -> None:
    """Asked first with the count; who has ended meanwhile is refused by itself; the undo names each former owner."""
    ids = promised.open_ids(desk)[:3]
    with desk.engine.connect() as connection:
        before = load_follow_ups(connection, ids)
    chosen = [("id", each) for each in ids]
    async with pages_for(desk) as client:
        asked = await posted(client, "/followups/ask?lang=en", ("what", "hand-over"), *chosen)
        assert "Hand over 3 follow-ups?" in asked
        promised.acts.do(desk, ids[:1], promised.acts.to_close("withdrawn"), _closing())
        done = await posted(
            client,
            "/followups/do",
            ("what", "hand-over"),
            ("to", "1004"),
            ("by", "1001"),
            ("note", "请假"),
            *chosen,
        )
        assert "2 of 3 handed over" in done
        assert "expected an open one" in done
        key = re.search(r'action="/followups/undo/([\w-]+)"', done)
        assert key is not None
        back = await posted(client, f"/followups/undo/{key[1]}")
        assert "2 of 2 as they were before" in back
        await posted(client, f"/followups/undo/{key[1]}", status=404)
    with desk.engine.connect() as connection:
        after = load_follow_ups(connection, ids)
        noted = connection.execute(select(audit_log.c.subject, audit_log.c.details).order_by(audit_log.c.id)).all()
    assert [after[each].owner for each in ids[1:]] == [before[each].owner for each in ids[1:]]
    assert [row.subject for row in noted] == [
        f"follow-up {each}" for each in (*ids[1:], *sorted(ids[1:], key=ids.index))
    ]
    assert all('"what": "handed_over"' in row.details for row in noted)


async def test_what_belongs_to_nobody_who_works_here_is_a_list_of_its_own(desk: Desk) -> None:
    """Orphaned: told apart from the others, with its count, and handed over from there."""
    identity = promised.open_ids(desk)[0]
    with desk.engine.begin() as connection:
        connection.execute(update(follow_ups).where(follow_ups.c.id == identity).values(owner="gone"))
    async with pages_for(desk) as client:
        page = await shown(client, "/followups/list?state=orphaned")
        assert ID.findall(page) == [identity]
        assert "没有符合筛选的跟进" in await shown(client, "/followups/list?state=orphaned&owner=1003")
        form = (("what", "hand-over"), ("to", "1003"), ("by", "1001"), ("id", identity))
        await posted(client, "/followups/do", *form)
        assert ID.findall(await shown(client, "/followups/list?state=orphaned")) == []


def held_back(desk: Desk, identity: str) -> None:
    """A campaign that did not dial for it."""
    draft = Campaign(
        id=0, name="夜间活动", mode=DialMode.PREVIEW, kinds=("report",), pbx="hq", trunk="t", made_by="1001",
        made_at=NOW,
    )  # fmt: skip
    with desk.engine.begin() as connection:
        made = create(connection, draft, By(at=NOW))
        note_refusals(connection, [Refusal(campaign=made.id, follow_up=identity, why=Why.QUIET, at=NOW)])


def _closing() -> promised.Act:
    return promised.Act(what=promised.What.NOTED, at=NOW, by="1001", note="重复")


async def test_a_time_on_a_day_off_is_warned_of_with_the_next_one(desk: Desk) -> None:
    """Natural words are understood; Saturday asks again and offers Monday; taken, it is set; nonsense says what is."""
    identity = next(each for each in promised.open_ids(desk) if _kind(desk, each) != "compensation")
    form = (("what", "reschedule"), ("id", identity), ("by", "1001"))
    async with pages_for(desk) as client:
        await shown(client, "/followups/list?lang=en")
        client.session.cookie_jar.update_cookies({"lang": "en"})
        warned = await posted(client, "/followups/do", *form, ("when", "明天 11:00"))
        assert "it is a day off" in warned
        offered = re.search(r'name="when" value="([^"]+)"', warned)
        assert offered is not None
        taken = re.search(r'<button[^>]*name="when" value="([^"]+)"', warned)
        assert taken is not None
        assert taken[1].startswith("2026-11-23 ")
        bad = await posted(client, "/followups/do", *form, ("when", "soon"), status=400)
        assert "expected a time such as" in bad
        done = await posted(client, "/followups/do", *form, ("when", taken[1]))
        assert "1 of 1 rescheduled" in done
        story = await shown(client, f"/followups/{identity}?lang=en")
        assert "rescheduled" in story
        sure = await posted(client, "/followups/do", *form, ("when", "明天 11:00"), ("sure", "1"))
        assert "1 of 1 rescheduled" in sure
        agreed = (("what", "agree"), ("id", identity), ("by", "1001"), ("when", "next Tuesday 3pm"))
        assert "1 of 1 done" in await posted(client, "/followups/do", *agreed)
        assert identity in ID.findall(await shown(client, "/followups/list?state=agreed"))
    with desk.engine.connect() as connection:
        moved = load_follow_ups(connection, [identity])[identity]
    assert moved.agreed_at is not None
    assert f"{moved.agreed_at.astimezone(promised.ZONE):%m-%d %H:%M}" == "11-24 15:00"


def _kind(desk: Desk, identity: str) -> str:
    with desk.engine.connect() as connection:
        return load_follow_ups(connection, [identity])[identity].kind


async def test_one_is_closed_with_a_reason_opened_again_and_noted(desk: Desk) -> None:
    """Each from its own page; without a reason nothing is closed; its story tells all of it."""
    identity = promised.open_ids(desk)[0]
    async with pages_for(desk) as client:
        client.session.cookie_jar.update_cookies({"lang": "en"})
        form = (("id", identity), ("by", "1001"))
        await posted(client, "/followups/do", *form, ("what", "close"), ("reason", "withdrawn"), status=400)
        unmet = await posted(client, "/followups/do", *form, ("what", "close"), ("reason", "lazy"), ("note", "x"))
        assert "0 of 1 closed" in unmet
        await posted(
            client, "/followups/do", *form, ("what", "close"), ("reason", "withdrawn"), ("note", "订单取消")
        )
        await posted(client, "/followups/do", *form, ("what", "reopen"), ("note", "客户改变主意 13912345678"))
        await posted(client, "/followups/do", *form, ("what", "note"), ("note", "明天\x00再说\n"))
        await posted(client, "/followups/do", *form, ("what", "burn"), status=400)
        held_back(desk, identity)
        story = await shown(client, f"/followups/{identity}?lang=en")
    for said in ("closed", "订单取消", "opened again", "明天再说", "The rule", "夜间活动", "quiet time"):
        assert said in story
    async with pages_for(desk, leader({"1001", *promised.AGENTS}, {"service", "sales"})) as client:
        story = await shown(client, f"/followups/{identity}?lang=en")
    assert "139****5678" in story
    assert "13912345678" not in story


REFUSED = (
    ("/followups?sort=up", "sort"),
    ("/followups?period=soon", "period"),
    ("/followups?as_of=2099-01-01T00:00", "as_of"),
    ("/followups?kind=none", "kind"),
    ("/followups/items?standing=late", "standing"),
    ("/followups/items?after=x", "after"),
    ("/followups/list?state=late", "state"),
    ("/followups/list?after=x", "after"),
    ("/followups/list?group=%00", "group"),
)


async def test_nothing_is_done_by_a_post_of_another_page(desk: Desk) -> None:
    """Without the proof or the right a post changes nothing; what an address does not mean is refused in words."""
    identity = promised.open_ids(desk)[0]
    async with pages_for(desk) as client:
        for path, key in REFUSED:
            page = await shown(client, path, 400)
            assert f"{key}：" in page, path
    form = {"what": "close", "reason": "withdrawn", "note": "x", "by": "1001", "id": identity}
    async with (
        pages_for(desk) as client,
        client.post("/followups/do", data={**form, "proof": "guessed"}) as response,
    ):
        assert response.status == 403
    visitor = replace(ANYBODY, rights=frozenset({Right.PROMISES}))
    async with pages_for(desk, visitor) as client:
        assert 'name="what"' not in await shown(client, "/followups/list?state=all")
        async with client.post("/followups/do", data={**form, "proof": PROOF}) as response:
            assert response.status == 404
    assert identity in promised.open_ids(desk)


def test_a_month_is_whole_weeks_from_monday() -> None:
    """November 2026 begins on a Sunday and ends on a Monday: six weeks."""
    assert weeks_of(date(2026, 11, 1)) == (date(2026, 10, 26), date(2026, 12, 7))
    assert weeks_of(date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 3, 1))
