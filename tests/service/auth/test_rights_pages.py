"""People and rights, the audit log, and what of the pages each reader sees."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from service.auth import accounts, audit
from service.auth.accounts import Account
from service.auth.audit import Act, Entry, Kind, Program
from service.auth.rights import ALL_SEEN, EVERY_RIGHT, RIGHTS_OF, Right, Role, Seen, Sight
from service.auth.sight import resolve
from service.auth.visiting import open_door
from service.dashboard.places import landing_of
from service.dashboard.rights.people import ONCE_SECONDS, OneTime
from tests.service.auth.house import GROUP, House, everybody, file, house, light_hashes, policy_of_groups
from tests.service.dashboard.a_call import CALL_ID, NUMBER
from tests.service.dashboard.people import NAMES, NOW

__all__ = ["file", "light_hashes"]

MASKED = "139****2214"
SEEN = Seen(agents=frozenset(GROUP))
FORM = {"name": "李丽", "role": "leader", "sees": "named", "groups": "早班， 晚班", "right.listen": "granted"}


@pytest.fixture
async def full(file: Engine) -> AsyncIterator[House]:
    """A house with an account of each role, and a second administrator."""
    everybody(file)
    async with house(file) as found:
        yield found


def account(found: House, login: str) -> Account:
    """An account as it is stored now."""
    with found.engine.connect() as connection:
        stored = accounts.find(connection, login)
    assert stored is not None
    return stored


# -- people --------------------------------------------------------------------------------------------


async def test_an_account_is_made_on_the_page_and_its_password_shown_once(full: House) -> None:
    """With it the new person logs in and must choose another; the audit has the act and not the password."""
    await full.log_in("administrator")
    status, _, headers = await full.post("/people", login="li.li", **FORM)
    assert status == 303
    where = headers["Location"]
    first, again = (await full.get(where))[1], (await full.get(where))[1]
    found = re.search(r'class="once">([^<]+)<', first)
    assert found is not None
    assert found[1] not in again
    made = account(full, "li.li")
    assert (made.sight.groups, made.granted, made.must_change) == ({"早班", "晚班"}, {Right.LISTEN}, True)
    assert found[1] not in repr(full.audited("details"))
    full.client.session.cookie_jar.clear()
    assert await full.log_in("li.li", found[1]) == 303


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"login": "a b"}, "Login: up to 40 letters"),
        ({"login": "Agent"}, "Somebody has this login already."),
        ({"name": " "}, "Name: up to 60 letters on one line."),
        ({"role": "king"}, "Choose a role."),
        ({"role": "agent"}, "Which agent is this person?"),
        ({"language": "fr"}, "There is no such language."),
        ({"groups": ",".join(map(str, range(200)))}, "At most 100 names"),
    ],
)
async def test_what_cannot_be_is_told_beside_what_was_written(
    full: House, wrong: dict[str, str], told: str
) -> None:
    """Nothing is stored, and nothing has to be written again."""
    await full.log_in("administrator")
    status, text, _ = await full.post("/people?lang=en", **{"login": "li.li", **FORM, **wrong})
    assert (status, told in text) == (400, True)
    assert 'value="早班， 晚班"' in text or "groups" in wrong
    with full.engine.connect() as connection:
        assert accounts.find(connection, "li.li") is None


async def test_an_account_is_changed_and_what_it_may_not_be_is_told(full: House) -> None:
    """The last administrator stays; the leader's sessions end with his rights."""
    await full.log_in("leader")
    await full.log_in_anew("administrator")
    leader, own = account(full, "leader"), account(full, "administrator")
    assert (await full.post(f"/people/{leader.id}", **FORM))[0] == 303
    assert account(full, "leader").granted == {Right.LISTEN}
    status, text, _ = await full.post(f"/people/{own.id}?lang=en", **{**FORM, "role": "reader"})
    assert (status, "the last active account" in text) == (400, True)
    status, text, _ = await full.post(f"/people/{own.id}/disable?lang=en")
    assert (status, "the last active account" in text) == (409, True)
    for act, active in (("disable", False), ("enable", True), ("unlock", True), ("sessions", True)):
        assert (await full.post(f"/people/{leader.id}/{act}"))[0] == 303
        assert account(full, "leader").active is active
    assert (await full.post(f"/people/{leader.id}/reset"))[0] == 303
    assert 'class="once"' in (await full.get(f"/people/{leader.id}"))[1]
    assert (await full.post("/people/999/reset"))[0] == 404
    said = [details for (details,) in full.audited("details") if "account changed" in details]
    assert '"sessions_ended": 1' in said[0]


def test_a_password_waits_for_its_page_two_minutes_and_for_nobody_else() -> None:
    """Each once."""
    now = [0.0]
    once, mine, other = OneTime(lambda: now[0]), open_door("mine"), open_door("other")
    once.put(mine, 7, "a")
    assert (once.take(other, 7), once.take(mine, 8), once.take(mine, 7), once.take(mine, 7)) == ("", "", "a", "")
    once.put(mine, 7, "a")
    now[0] = ONCE_SECONDS
    assert once.take(mine, 7) == ""


async def test_people_and_the_matrix_are_shown_in_both_languages(full: House) -> None:
    """Every role and every right has words."""
    await full.log_in("administrator")
    chinese, english = (await full.get("/people?lang=zh"))[1], (await full.get("/people?lang=en"))[1]
    for each in ("质检员", "组 早班", "客户号码（不脱敏）"):
        assert each in chinese
    for each in ("QA inspector", "groups 早班", "customers’ numbers whole"):
        assert each in english
    assert english.count('scope="row"') == len(Right)


# -- the audit -----------------------------------------------------------------------------------------


async def test_the_audit_is_read_by_who_what_about_what_and_when_page_by_page(full: House) -> None:
    """Newest first; each page goes on where the one before ended; a day is the centre's."""
    with full.engine.begin() as connection:
        for number in range(120):
            at = NOW + timedelta(hours=number)
            who = Program(login="root" if number % 2 else "cron", role=Kind.COMMAND)
            audit.note(connection, Entry(at=at, visitor=who, act=Act.EXPORTED, subject=f"calls {number}"))
    await full.log_in("auditor")
    seen: list[str] = []
    path = "/audit?who=root&did=exported&lang=en"
    while path:
        status, text = await full.get(path)
        assert status == 200
        seen += re.findall(r"calls (\d+)<", text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(number) for number in range(119, 0, -2)]
    day = (await full.get("/audit?from=2026-11-21&to=2026-11-21"))[1]
    assert len(re.findall(r"calls \d+<", day)) == 24
    assert "calls 7<" in (await full.get("/audit?about=calls+7"))[1]
    nobody = (await full.get("/audit?about=100%25&lang=en"))[1]
    assert "No entry matches this filter." in nobody


@pytest.mark.parametrize(
    "query", ["from=soon", "to=9999-12-31", "did=flew", "after=x", "after=99999999999", "by=me"]
)
async def test_a_filter_that_is_none_is_refused_in_words(full: House, query: str) -> None:
    """Also a day beyond the calendar's end."""
    await full.log_in("auditor")
    assert (await full.get(f"/audit?{query}"))[0] == 400


async def test_the_audit_as_a_file_is_itself_a_row_and_no_formula(full: House) -> None:
    """The one who takes it finds it there the next time; a subject that begins with = is a text."""
    with full.engine.begin() as connection:
        who = Program(login="=cmd()", role=Kind.TOKEN)
        audit.note(connection, Entry(at=NOW, visitor=who, act=Act.EXPORTED, subject="=1+1", details={"rows": 3}))
    await full.log_in("auditor")
    async with full.client.get("/audit.csv?did=exported") as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="threerings-audit-2026-11-20.csv"'
        rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert [(each["login"], each["subject"], each["details"]) for each in rows] == [("'=cmd()", "'=1+1", "rows=3")]
    assert full.audited("act", "login", "subject")[-1] == ("exported", "auditor", "audit")


# -- numbers ---------------------------------------------------------------------------------------------


async def test_numbers_are_whole_for_who_has_the_right_and_masked_for_the_rest(full: House) -> None:
    """On the call and the board alike; never in the title, which stays in the browser's history."""
    pages = (f"/calls/{CALL_ID}", "/")
    await full.log_in("supervisor")
    whole = [(await full.get(path))[1] for path in pages]
    await full.log_in_anew("leader")
    masked = [(await full.get(path))[1] for path in pages]
    assert NUMBER in whole[0]
    assert "13812347745" in whole[1]
    assert all(not re.search(r"<title>[^<]*\d{8}", text) for text in whole)
    assert NUMBER not in masked[0]
    assert not any(re.search(r"\b1[35]\d{9}\b", text) for text in masked)


async def test_one_number_is_shown_for_half_a_minute_and_noted_first(full: House) -> None:
    """The page goes back by itself; who has no right to it is not offered it; the row does not hold the number."""
    path = f"/calls/{CALL_ID}"
    await full.log_in("leader")
    assert f'action="{path}/number"' in (await full.get(path))[1]
    status, text, headers = await full.post(f"{path}/number")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert f'<b class="num">{NUMBER}</b>' in text
    assert f'http-equiv="refresh" content="30;url={path}"' in text
    assert full.audited("act", "login", "subject", "details")[-1] == ("revealed", "leader", f"call {CALL_ID}", "{}")
    await full.log_in_anew("auditor")
    assert f"{path}/number" not in (await full.get(path))[1]
    assert (await full.post(f"{path}/number"))[0] == 404


# -- sight -----------------------------------------------------------------------------------------------


def test_groups_and_branches_are_resolved_by_the_people_in_force() -> None:
    """Who left the group before is not in it; an own name stays; everything is everything."""
    policy = policy_of_groups()
    left = replace(
        policy, agents=tuple(replace(each, end=NOW) if each.agent == "1002" else each for each in policy.agents)
    )
    groups = Sight(groups=frozenset({"早班"}), agents=frozenset({"2001"}), queues=frozenset({"sales"}))
    assert resolve(groups, policy, NOW) == Seen(
        agents=frozenset({*GROUP, "2001"}), queues=frozenset({"sales"})
    )  # fmt: skip
    assert resolve(groups, left, NOW).agents == {"1001", "1003", "2001"}
    assert resolve(Sight(everything=True), policy, NOW) is ALL_SEEN


async def test_a_leader_sees_his_group_on_the_board_and_in_the_stream(full: House) -> None:
    """Nobody else's name or number; another's call is not there, and that he asked is in the audit."""
    await full.log_in("leader")
    status, text = await full.get("/?lang=zh")
    assert status == 200
    assert all(str(NAMES[each]) in text for each in GROUP)
    assert not any(str(NAMES[each]) in text for each in ("1004", "1005", "1006", "1007"))
    async with full.client.get("/events?page=shift&lang=zh") as stream:
        told = b""
        while not (b"event: recent" in told and b"event: agent.1001" in told):
            told += await asyncio.wait_for(stream.content.readline(), 5)
    assert b"event: agent.1004" not in told
    assert (await full.get(f"/calls/{CALL_ID}"))[0] == 200  # 1003 was rung for it


async def test_anothers_call_is_not_there_and_the_asking_is_noted(file: Engine) -> None:
    """404 in the same words as what does not exist; only the refused one is a row."""
    everybody(file)
    async with house(file) as found:
        with file.begin() as connection:
            leader = accounts.find(connection, "leader")
            assert leader is not None
            wanted = accounts.Wanted(name="x", role=Role.LEADER, sight=Sight(agents=frozenset({"1010"})))
            accounts.change(connection, leader, wanted)
        await found.log_in("leader")
        refused, missing = await found.get(f"/calls/{CALL_ID}"), await found.get("/calls/hq/1.1")
        assert refused[0] == missing[0] == 404
        assert re.sub(r"/calls/[\w./]+", "", refused[1]) == re.sub(r"/calls/[\w./]+", "", missing[1])
        assert found.audited("act", "login", "subject")[1:] == [("refused", "leader", f"/calls/{CALL_ID}")]


def test_each_role_begins_where_its_work_is() -> None:
    """Or at the first place that it may go to; who may go nowhere at his own page."""
    present = frozenset({"shift", "calls", "minutes", "people", "audit", "gaps"})

    def begins(role: Role, rights: frozenset[Right]) -> str:
        visitor = replace(open_door(""), account=1, role=role, rights=rights)
        return landing_of(visitor, present)

    own = {role: begins(role, RIGHTS_OF[role]) for role in Role}
    assert (own[Role.SUPERVISOR], own[Role.AUDITOR], own[Role.AGENT]) == ("/", "/audit", "/me")
    assert begins(Role.ADMINISTRATOR, RIGHTS_OF[Role.ADMINISTRATOR] - {Right.BOARD}) == "/people"
    assert landing_of(open_door(""), present) == "/"


def test_nobody_who_has_not_said_who_he_is_sees_whole_numbers() -> None:
    """Everything else, on one's own machine."""
    assert open_door("").rights == EVERY_RIGHT - {Right.NUMBERS}


# -- the API ---------------------------------------------------------------------------------------------


async def test_a_session_asks_the_api_by_its_rights(full: House) -> None:
    """Figures with the right to them and the whole centre; files with the right to files; changes with the proof."""
    figures = "/api/v1/summary?period=2026-11"
    await full.log_in("supervisor")
    assert (await full.get(figures))[0] == 200
    assert (await full.get("/api/v1/calls?period=2026-11&format=csv"))[0] == 200
    assert full.audited("act", "login", "subject")[-1] == ("exported", "supervisor", "threerings-calls-2026-11.csv")
    body = {"kind": "x", "customer": "y"}
    path = "/api/v1/followups/1/reopen"
    async with full.client.post(path, json=body) as answer:
        assert answer.status == 403
    async with full.client.post(path, json=body, headers={"X-Proof": await full.proof()}) as answer:
        assert answer.status != 403
    await full.log_in_anew("leader")
    assert (await full.get(figures))[0] == 403  # he sees a part of the centre
    await full.log_in_anew("agent")
    assert (await full.get(figures))[0] == 403
    assert (await full.get("/api/v1/openapi.json"))[0] == 200
