"""The pages of quality over a store: worklist, card, notes, replacement, calibration, appeal, sums, and who may not."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from analytics.quality.appeals import load_replies
from analytics.quality.cards import load_cards
from analytics.quality.records import SampleState, final_of
from analytics.quality.samples import load_draft, load_notes, load_samples
from service.auth.models import audit_log
from tests.analytics.quality.house import NAMES, WEEK, ruled
from tests.service.dashboard.people import NOW
from tests.service.dashboard.quality.listened import listened
from tests.service.dashboard.test_acting import PROOF

WEEK_PAGE, MONTH_PAGE = f"/quality/weeks/{WEEK.label}", "/quality/months/2026-11"


@pytest.fixture
def engine(store: Engine) -> Engine:
    """A migrated store, on both databases."""
    return store


def sample_of(engine: Engine, agent: str) -> tuple[int, str]:
    """The open sample of an agent, and whose it is."""
    with engine.connect() as connection:
        found = load_samples(connection, agent=agent, state=SampleState.OPEN)[0]
    return found.id, found.inspector or ""


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    """Who did which step to what, oldest first."""
    wanted = select(audit_log.c.login, audit_log.c.subject, audit_log.c.details).order_by(audit_log.c.id)
    with engine.connect() as connection:
        return [
            (row.login, row.subject, json.loads(row.details).get("step", "")) for row in connection.execute(wanted)
        ]


async def test_the_worklist_has_what_waits_the_draws_and_the_month(engine: Engine, tmp_path: Path) -> None:
    """An inspector's own come first; a draw that is not due shows its commitment alone."""
    async with listened(engine, tmp_path) as here:
        text = await here.page("/quality?show=open")
        assert text.count('href="/quality/1"') >= 1
        assert "1 of 2 scored" not in text
        assert "0 of 2 scored, 1 drawn" in text
        assert "2026-W46" in text
        assert "Committed" in text
        assert "another" not in text  # the random of the next week
        assert "0 of 2 agents have 2" in text
        await here.page("/quality?show=none", status=400)


async def test_a_card_is_filled_in_kept_submitted_and_fixed(engine: Engine, tmp_path: Path) -> None:
    """The draft survives the page; submitting leads on; a second card is refused in words."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        page = await here.page(f"/quality/{sample}", who)
        assert "132" in page  # characters a minute
        assert "undecided: within the error" not in page
        assert "data-player" in page
        headers = {"X-Who": who, "X-Proof": PROOF}
        fields = {"mark-tone": "3", "summary": "稳", "critical-leak": "1", "mark-nonsense": "9"}
        async with here.client.post(
            f"/quality/{sample}/draft", json={"fields": fields}, headers=headers
        ) as response:
            assert response.status == 200
        with engine.connect() as connection:
            draft = load_draft(connection, sample, who)
        assert draft is not None
        assert (draft.marks, draft.criticals, draft.summary) == ({"tone": 3}, ("leak",), "稳")
        assert re.search(r'name="mark-tone" value="3" checked', await here.page(f"/quality/{sample}", who))
        status, where = await here.card(sample, who, 4, summary="好", **{"holds-silences": "yes"})
        assert (status, where.startswith("/quality/")) == (303, True)
        page = await here.page(f"/quality/{sample}", who)
        assert ("Passed" in page, "the inspector agrees" in page, "data-card" in page) == (True, True, False)
        status, refused = await here.card(sample, who)
        assert (status, "found it scored, expected it open" in refused) == (409, True)
        assert (who, f"quality sample {sample}", "mark") in audited(engine)


async def test_a_card_that_lacks_a_mark_is_refused_and_keeps_what_was_filled_in(
    engine: Engine, tmp_path: Path
) -> None:
    """The page comes back with the marks and the reason."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        status, page = await here.post(f"/quality/{sample}/card", who, **{"mark-tone": "2"})
        assert (status, "found no mark for wording" in page) == (409, True)
        assert 'name="mark-tone" value="2" checked' in page


async def test_notes_are_pinned_and_taken_back(engine: Engine, tmp_path: Path) -> None:
    """By a form, or by the page's script, which is answered with the list; a time that is none is refused."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        notes = f"/quality/{sample}/notes"
        assert (await here.post(notes, who, at="1:37", text="打断客户", criterion="grasp"))[0] == 303
        headers = {"X-Who": who, "X-Fragment": "notes", "Cookie": "lang=en"}
        form = {"proof": PROOF, "at": "0:12", "text": "开场清楚"}
        async with here.client.post(notes, data=form, headers=headers) as response:
            text = await response.text()
        assert (text.index("开场清楚") < text.index("打断客户"), "Training point: Grasp of the need" in text) == (
            True,
            True,
        )
        assert 'data-seek-to="97000"' in text
        status, page = await here.post(notes, who, at="soon", text="x")
        assert (status, "found the instant &#39;soon&#39;" in page) == (409, True)
        with engine.connect() as connection:
            first = load_notes(connection, (sample,))[0].id
        assert (await here.post(f"{notes}/{first}", "qian" if who == "wen" else "wen"))[0] == 409
        assert (await here.post(f"{notes}/{first}", who))[0] == 303
        with engine.connect() as connection:
            assert [each.text for each in load_notes(connection, (sample,))] == ["打断客户"]


async def test_a_sample_is_replaced_with_a_reason(engine: Engine, tmp_path: Path) -> None:
    """The next one opens; the old one says why."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        status, where = await here.post(f"/quality/{sample}/replace", who, reason="private", text="家人")
        assert (status, where != f"/quality/{sample}") == (303, True)
        assert "A private call · 家人" in await here.page(f"/quality/{sample}", who)
        assert (await here.post(f"/quality/{sample}/replace", who, reason="dull"))[0] == 404
        assert "A private call" in await here.page("/quality?show=replaced", who)


async def test_a_second_inspector_calibrates_blind(engine: Engine, tmp_path: Path) -> None:
    """He sees neither marks nor notes; then the difference is told, and the mark stays."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        other = "qian" if who == "wen" else "wen"
        await here.post(f"/quality/{sample}/notes", who, at="0:05", text="secret remark")
        await here.card(sample, who, 4, summary="my summary")
        blind = await here.page(f"/quality/{sample}?mode=calibrate", other)
        assert ("secret remark" in blind, "my summary" in blind, " checked" in blind) == (False, False, False)
        assert (await here.card(sample, other, 2, mode="calibrate"))[0] == 303
        page = await here.page(f"/quality/{sample}", who)
        assert page.count("−2") == len(NAMES)
        with engine.connect() as connection:
            final = final_of(load_cards(connection, (sample,)))
        assert final is not None
        assert (final.inspector, final.mark_c) == (who, 8000)
        assert (await here.card(sample, other, 2, mode="calibrate"))[0] == 409


async def test_an_agent_who_may_listen_hears_the_talk_beside_his_card(engine: Engine, tmp_path: Path) -> None:
    """His own alone, with its sound; without the right there is neither a link nor a page."""
    async with listened(engine, tmp_path) as here:
        cards = []
        for agent in ("1001", "1003"):
            sample, _ = sample_of(engine, agent)
            await here.card(sample, "qian", 3)
            cards += _cards(engine, sample)
        own, other = cards
        assert f'href="/desk/quality/{own}"' in await here.page("/desk/quality", "fangting")
        text = await here.page(f"/desk/quality/{own}", "fangting")
        sound = re.search(r'<audio[^>]* src="([^"]+)"', text)
        assert sound is not None
        async with here.client.get(sound[1], headers={"X-Who": "fangting"}) as response:
            assert (response.status, response.content_type) == (200, "audio/wav")
        await here.page(f"/desk/quality/{other}", "fangting", 404)
        assert f'href="/desk/quality/{own}"' not in await here.page("/desk/quality", "fang")
        await here.page(f"/desk/quality/{own}", "fang", 404)


async def test_an_agent_reads_his_card_replies_and_appeals_and_a_leader_decides(
    engine: Engine, tmp_path: Path
) -> None:
    """From his desk; the leader of his group decides, who may not score him; the new card counts."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        await here.card(sample, who, 3)
        other = "qian" if who == "wen" else "wen"
        await here.card(sample, other, 0, mode="calibrate")
        own = await here.page("/desk/quality", "fang")
        assert ("Not passed" in own, "Calibration" in own) == (True, False)
        assert "Nothing of mine was scored yet." in await here.page("/desk/quality", "nana")
        card = next(iter(_cards(engine, sample)))
        assert (await here.post(f"/desk/quality/{card}", "nana", kind="appeal", text="x"))[0] == 404
        assert (await here.post(f"/desk/quality/{card}", "fang", kind="reply", text="会改进"))[0] == 303
        assert (await here.post(f"/desk/quality/{card}", "fang", kind="appeal", text="客户先骂人"))[0] == 303
        status, again = await here.post(f"/desk/quality/{card}", "fang", kind="appeal", text="again")
        assert (status, "found its appeal already" in again) == (409, True)
        assert "客户先骂人" in await here.page("/quality", "north")
        marks = {f"mark-{name}": "5" for name in NAMES}
        decide = f"/quality/{sample}/decide"
        status, refused = await here.post(decide, who, step="reject", reason="no")
        assert (status, "who gave the mark, expected another person" in refused) == (409, True)
        status, refused = await here.post(decide, "north", step="uphold", reason="", **marks)
        assert (status, "reason: found nothing" in refused) == (409, True)
        assert (await here.post(decide, "north", step="uphold", reason="录音证实", **marks))[0] == 303
        own = await here.page("/desk/quality", "fang")
        assert ("录音证实" in own, "Upheld" in own, "Passed" in own) == (True, True, True)
        with engine.connect() as connection:
            final = final_of(load_cards(connection, (sample,)))
            assert final is not None
            assert (final.mark_c, final.inspector) == (10_000, "north")
            assert len(load_replies(connection, [card])) == 2


def _cards(engine: Engine, sample: int) -> list[int]:
    with engine.connect() as connection:
        return [each.id for each in load_cards(connection, (sample,))]


async def test_a_leader_sees_his_group_and_scores_nobody_of_it(engine: Engine, tmp_path: Path) -> None:
    """The other group's sample is not there for him; his own group's has no card to fill in."""
    async with listened(engine, tmp_path) as here:
        own, other = sample_of(engine, "1001")[0], sample_of(engine, "1003")[0]
        page = await here.page(f"/quality/{own}", "north")
        assert ("You do not score this one" in page, "data-card" in page) == (True, False)
        assert "You have no right to listen to recordings." in page
        status, refused = await here.card(own, "north")
        assert (status, "found north of agent 1001&#39;s group, expected another inspector" in refused) == (
            409,
            True,
        )
        await here.page(f"/quality/{other}", "north", 404)
        assert (await here.card(other, "north"))[0] == 404
        assert "王娜娜" not in await here.page("/quality?show=open", "north")
        assert "王娜娜" not in await here.page(MONTH_PAGE, "north")
        assert "王娜娜" in await here.page(MONTH_PAGE, "south")
        assert "王娜娜" not in await here.page(WEEK_PAGE, "north")  # not even among whom a training may be for


async def test_who_takes_a_sample_over_listens_to_it(engine: Engine, tmp_path: Path) -> None:
    """Another inspector, or a supervisor; it is his from then on."""
    async with listened(engine, tmp_path) as here:
        sample, _ = sample_of(engine, "1001")
        assert (await here.post(f"/quality/{sample}/take", "boss"))[0] == 303
        assert sample_of(engine, "1001") == (sample, "boss")


async def test_a_week_has_means_points_trainings_and_its_draw_done_again(engine: Engine, tmp_path: Path) -> None:
    """One card has no mean, and its worst is told; the random is shown once the week is drawn."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        await here.card(sample, who, 3, **{"critical-leak": "1"})
        page = await here.page(WEEK_PAGE)
        for told in ("done again: the same", ">r<", "王芳", "too few cards"):
            assert told in page
        status, where = await here.post(
            f"{WEEK_PAGE}/trainings", "wen", on="2026-11-25", text="倾听", agent="1001", criterion="grasp"
        )
        assert (status, where) == (303, f"{WEEK_PAGE}#trainings")
        assert "Grasp of the need · 倾听" in await here.page(WEEK_PAGE)
        assert (await here.post(f"{WEEK_PAGE}/trainings", "wen", on="", text="x"))[0] == 400
        assert (await here.post(f"{WEEK_PAGE}/trainings", "wen", on="2026-11-25", text=" "))[0] == 400
        later = await here.page("/quality/weeks/2026-W47")
        assert ("until then its digest binds us" in later, "another" in later) == (True, False)
        await here.page("/quality/weeks/2026-W60", status=400)


async def test_a_month_has_totals_and_both_are_taken_as_excel_by_who_may(engine: Engine, tmp_path: Path) -> None:
    """An inspector has no right to export; each file is in the audit."""
    async with listened(engine, tmp_path) as here:
        await here.card(*sample_of(engine, "1001"))
        page = await here.page(MONTH_PAGE)
        assert ("0 of 2 agents who talked" in page, "at least 2 cards of each agent" in page) == (True, True)
        for path in (f"{MONTH_PAGE}.xlsx", f"{WEEK_PAGE}.xlsx"):
            await here.page(path, "wen", 404)
            async with here.client.get(path, headers={"X-Who": "boss"}) as response:
                sheet = load_workbook(io.BytesIO(await response.read())).worksheets[0]
            assert next(row[0].value for row in sheet) == "agent"
        subjects = [subject for _, subject, _ in audited(engine)]
        assert "threerings-quality-2026-11.xlsx" in subjects
        await here.page("/quality/months/2026-13", status=400)


@pytest.mark.parametrize("who", ["fang", "admin"])
async def test_who_has_no_right_finds_nothing(engine: Engine, tmp_path: Path, who: str) -> None:
    """404 for each page and each post, as for what is not there."""
    async with listened(engine, tmp_path) as here:
        for path in ("/quality", "/quality/1", WEEK_PAGE, MONTH_PAGE):
            await here.page(path, who, 404)
        for path in ("card", "take", "replace", "notes", "decide"):
            assert (await here.post(f"/quality/1/{path}", who))[0] == 404
        assert (await here.post(f"{WEEK_PAGE}/trainings", who))[0] == 404
        await here.page("/quality/999", status=404)
        await here.page("/desk/quality?agent=1003", "fang", 404)


async def test_a_post_of_another_site_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Without the proof nothing is done."""
    async with listened(engine, tmp_path) as here:
        assert (await here.post("/quality/1/take", "wen", proof="guess"))[0] == 403
        assert (await here.post("/desk/quality/1", "fang", proof="guess", kind="reply"))[0] == 403


async def test_a_centre_that_samples_nothing_says_so(engine: Engine, tmp_path: Path) -> None:
    """The worklist, a week and a month: one sentence each, no error."""
    silent = ruled(quality=None)
    async with listened(engine, tmp_path, versions=silent.versions) as here:
        for path in ("/quality", WEEK_PAGE, MONTH_PAGE):
            assert "This centre listens to no samples." in await here.page(path)


async def test_after_the_days_an_agent_only_reads(engine: Engine, tmp_path: Path) -> None:
    """First the reply is no longer offered, then the appeal neither; a form that comes late is refused."""
    async with listened(engine, tmp_path) as here:
        sample, who = sample_of(engine, "1001")
        await here.card(sample, who)
        card = _cards(engine, sample)[0]
        own = await here.page("/desk/quality", "fang")
        assert ('value="reply"' in own, 'value="appeal"' in own) == (True, True)
        here.now = NOW + timedelta(days=4)
        own = await here.page("/desk/quality", "fang")
        assert ('value="reply"' in own, 'value="appeal"' in own) == (False, True)
        here.now = NOW + timedelta(days=6)
        assert "The days to reply and to appeal are over." in await here.page("/desk/quality", "fang")
        status, page = await here.post(f"/desk/quality/{card}", "fang", kind="appeal", text="x")
        assert (status, "found the appeal at" in page) == (409, True)
