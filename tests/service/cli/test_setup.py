"""`threerings setup propose`: from a real PBX's stream to rows that a policy takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.people.devices import Assignment
from analytics.people.store import replace_mapping
from analytics.setup.proposals import AgentProposal, DeviceProposal, Proposals, QueueProposal
from analytics.setup.sightings import Sighting, Sightings
from analytics.storage.engine import open_store
from config.policies import Policy
from config.policy_loader import check_policy, load_policy
from config.settings import Language
from service.migrations import upgrade
from service.starting.proposal_text import SetupText, as_json
from service.starting.proposal_words import EN, ZH
from service.starting.proposing import PbxTrunks, Proposed
from telephony.trunk_sightings import TrunkSighting
from tests.analytics.stored import store_facts
from tests.analytics.test_captures import CAPTURES, facts_of
from tests.service.cli.running import Commands

AT = datetime(2026, 11, 22, tzinfo=UTC)
SETTINGS = """
database_url = "sqlite:///facts.db"
policy = "ours.toml"
[pbx.main]
host = "127.0.0.1"
port = 1
user = "u"
secret_file = "secret"
"""
SEEN = Sightings(start_us=0, end_us=10, calls=1)


@pytest.fixture
def here(threerings: Commands, tmp_path: Path) -> Iterator[Commands]:
    """Commands beside the stored facts of a captured PBX and a policy that says little."""
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "ours.toml").write_text('name = "ours"\n', encoding="utf-8")
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    store_facts(engine, facts_of(CAPTURES[1]))
    yield threerings
    engine.dispose()


def proposed(here: Commands, *more: str) -> str:
    """The TOML that is proposed for the day of the capture."""
    done = here("setup", "propose", "--period", "2026-11-21/2026-11-23", *more)
    assert (done.status, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_proposed_is_a_good_policy(here: Commands, tmp_path: Path, language: str) -> None:
    """The text is accepted by `policy check` as it is, and names the PBX's queues, members and lines."""
    text = proposed(here, "--lang", language)
    (tmp_path / "proposed.toml").write_text(text, encoding="utf-8")
    assert here("policy", "check", "proposed.toml").status == 0
    policy = load_policy(tmp_path / "proposed.toml")
    version = policy.versions[0]
    assert {rule.queue for rule in version.queues} == {"support", "priority", "dynamic", "sales"}
    assert policy.agent_of("PJSIP/1004", AT) == "1004"
    alice = policy.agent_at("1001", AT)
    assert alice is not None
    assert (alice.name, alice.group) == ("Alice Adams", "support")
    assert version.line_of("442079460100") is not None
    (sunday,) = policy.hours[0].days[6]  # 04:53 to 05:01 in Shanghai
    assert (f"{sunday.opens:%H:%M}", f"{sunday.closes:%H:%M}") == ("04:45", "05:15")


def test_a_policy_that_took_the_rows_is_not_asked_again(here: Commands, tmp_path: Path) -> None:
    """With the proposals as the policy nothing is left to propose."""
    first = proposed(here, "--lang", "en")
    assert EN.nothing not in first
    (tmp_path / "ours.toml").write_text(first, encoding="utf-8")
    again = proposed(here, "--lang", "en")
    assert EN.nothing in again
    assert set(tomllib.loads(again)) == {"name", "zone", "country", "version"}
    assert check_policy(tmp_path / "ours.toml") == []


def test_json_tells_the_same(here: Commands) -> None:
    """One object with the rows, how often and when each was seen, and the text."""
    (told,) = here("setup", "propose", "--period", "2026-11-21/2026-11-23", "--json", "--lang", "en").lines
    assert set(told) == {
        "from", "to", "calls", "lines", "queues", "agents", "devices", "hours", "left_out", "toml",
        "trunks",
    }  # fmt: skip
    assert told["from"] == "2026-11-20T16:00:00.000+00:00"
    assert told["toml"] == proposed(here, "--lang", "en")
    assert set(told["lines"][0]) == {"did", "times", "first_at", "last_at"}
    assert {each["queue"]: each["members"] for each in told["queues"]}["sales"] == ["1004", "1005"]
    assert [each["spans"] for each in told["hours"]] == [[]] * 6 + [["04:45-05:15"]]


def test_people_of_the_store_are_known(here: Commands, tmp_path: Path) -> None:
    """A device that is mapped in the database is not proposed, and its agent is."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    with engine.begin() as connection:
        replace_mapping(connection, [Assignment(interface="PJSIP/1004", agent="1004")])
    engine.dispose()
    values = tomllib.loads(proposed(here))
    assert "PJSIP/1004" not in [each["interface"] for each in values["device"]]
    assert "PJSIP/1005" in [each["interface"] for each in values["device"]]
    assert "1004" in [each["agent"] for each in values["agent"]]


def test_a_stretch_without_calls_proposes_nothing(here: Commands) -> None:
    """The answer says so, and is a good policy still."""
    done = here("setup", "propose", "--period", "2026-01")
    assert done.status == 0
    assert ZH.nothing in done.out
    assert tomllib.loads(done.out)["name"] == "proposed"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--period", "soon"), "period: found 'soon'"), (("--config", "nowhere.toml"), "nowhere.toml")],
)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], told: str) -> None:
    """Wrong usage is status 2 and one line on stderr."""
    done = here("setup", "propose", *arguments)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert told in done.err


def test_names_of_any_kind_stay_texts(tmp_path: Path) -> None:
    """Quotes and backslashes in a PBX's names are written so that the policy has them back."""
    name = 'a"b\\c#[d]'
    one = Sighting(name=name, times=1, first_us=0, last_us=0)
    found = Proposals(
        queues=(QueueProposal(seen=one, members=(name,)),),
        agents=(AgentProposal(agent=name, name=name, group=name),),
    )
    path = tmp_path / "proposed.toml"
    path.write_text(
        SetupText(policy=load_policy("default"), language=Language.EN).toml(Proposed(seen=SEEN, found=found)),
        "utf-8",
    )
    policy = load_policy(path)
    assert policy.versions[0].queues[0].queue == name
    assert (policy.agents[0].agent, policy.agents[0].name, policy.agents[0].group) == (name, name, name)


def test_what_cannot_be_named_stays_in_a_comment(tmp_path: Path) -> None:
    """A line break in a PBX's name does not break out of its comment."""
    text = SetupText(policy=load_policy("default"), language=Language.ZH).toml(
        Proposed(seen=SEEN, found=Proposals(left_out=('x\n[[agent]]\nagent = "1"',)))
    )
    assert "agent" not in tomllib.loads(text)


def test_trunks_are_lines_for_the_settings_in_comments() -> None:
    """The policy stays a good one; what the rule covered already stays in the list."""
    peer = TrunkSighting(peer="carrier", calls=9, callers=7, dialled=2)
    trunks = (PbxTrunks(pbx="hq", known=("*trunk*",), found=(peer,)),)
    told = Proposed(seen=SEEN, found=Proposals(), trunks=trunks)
    text = SetupText(policy=load_policy("default"), language=Language.EN).toml(told)
    assert '# trunks = ["*trunk*", "carrier"]' in text.splitlines()
    assert "# carrier: 9 calls from 7 outside numbers to 2 dialled ones" in text.splitlines()
    assert EN.nothing not in text
    assert tomllib.loads(text)["name"] == "proposed"
    assert as_json(told, text)["trunks"][0]["trunks"] == ["*trunk*", "carrier"]


def test_known_agents_of_new_devices_are_listed_for_the_check(tmp_path: Path) -> None:
    """A new device of an agent whom the policy knows is accepted beside a new agent."""
    seen = Sighting(name="PJSIP/2", times=1, first_us=0, last_us=0)
    found = Proposals(
        agents=(AgentProposal(agent="1", name=None),), devices=(DeviceProposal(agent="2", seen=seen),)
    )
    path = tmp_path / "proposed.toml"
    path.write_text(
        SetupText(policy=load_policy("default"), language=Language.EN).toml(Proposed(seen=SEEN, found=found)),
        "utf-8",
    )
    policy: Policy = load_policy(path)
    assert [row.agent for row in policy.agents] == ["1", "2"]
    assert EN.for_the_check in path.read_text("utf-8")
