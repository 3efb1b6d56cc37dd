"""What may not be made a campaign is said before anybody is dialled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.policies import Policy
from config.policy_loader import load_policy
from schedulers.campaigns.making import checked, faults
from schedulers.campaigns.records import DialMode
from schedulers.errors import RefusedError
from tests.schedulers.campaigns.worlds import KINDS, NOW, STAFF, campaign
from tests.schedulers.followups.worlds import policy_of

SECOND = timedelta(seconds=1)
REVIEWED = (
    "mode: found progressive for 'care', whose record is reviewed before the call, expected a kind with "
    'mode = "direct", or a preview campaign'
)
ANOTHER = KINDS.split("[[version.followup]]")[1].replace('"offer"', '"other"')


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The small centre with an offer of campaigns, a care call in preview, and a visit."""
    return policy_of(Path(tmp_path_factory.mktemp("policy")), KINDS)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"name": " "}, "name: found 0 characters, expected 1 to 80"),
        ({"name": "长" * 81}, "name: found 81 characters, expected 1 to 80"),
        ({"mode": DialMode.CLICK}, "mode: found click, expected preview or progressive"),
        ({"kinds": ()}, "kinds: found none, expected one at least"),
        ({"kinds": ("offer", "offer")}, "kinds: found 'offer' twice, expected each once"),
        ({"kinds": ("gift",)}, "kinds: found 'gift', expected one of offer, care, visit"),
        (
            {"kinds": ("offer", "care")},
            REVIEWED,
        ),
        (
            {"kinds": ("visit",), "mode": DialMode.PREVIEW},
            "kinds: found 'visit', fulfilled by a contact, expected a kind that a talk fulfils",
        ),
        (
            {"kinds": ("care",), "mode": DialMode.PREVIEW, "listed": True},
            "kinds: found 'care', which arises of event:report, expected a kind with the trigger campaign for a list",
        ),
        ({"ring": timedelta(seconds=4.5)}, "ring: found 4.5 s, expected 5 to 180 s"),
        ({"ring": timedelta(seconds=181)}, "ring: found 181 s, expected 5 to 180 s"),
        ({"deadline_at": NOW}, f"deadline: found {NOW.isoformat()}, expected after {NOW.isoformat()}"),
        (
            {"deadline_at": NOW + SECOND, "starts_at": NOW + SECOND},
            f"deadline: found {(NOW + SECOND).isoformat()}, expected after the start, {(NOW + SECOND).isoformat()}",
        ),
        ({"groups": ("sales",)}, "groups: found 'sales', expected one of service, management"),
        ({"agents": ("1001", "7777")}, "agents: found '7777', expected an agent who works here"),
    ],
)
def test_what_is_wrong_is_refused_in_a_line(policy: Policy, other: dict[str, object], told: str) -> None:
    """The thing, what was found and what was expected; nothing else of it is wrong."""
    asked = campaign(**other)
    with pytest.raises(RefusedError) as refused:
        checked(asked, policy, NOW, STAFF)
    assert str(refused.value) == f"campaign {asked.name}: {told}"
    assert len(list(faults(asked, policy, NOW, STAFF))) == 1


def test_a_good_campaign_is_given_back(policy: Policy) -> None:
    """A list in progressive mode, kinds in preview, and a group that only people know."""
    listed = campaign(listed=True, groups=("service",), agents=("1003",), deadline_at=NOW + SECOND)
    assert checked(listed, policy, NOW, STAFF) is listed
    over = campaign(mode=DialMode.PREVIEW, kinds=("care", "offer"), starts_at=NOW, ring=timedelta(seconds=30))
    assert checked(over, policy, NOW) is over
    only_people = load_policy("default")
    told = campaign(kinds=("outreach",), groups=("management",), listed=True)
    assert checked(told, only_people, NOW, STAFF) is told
    assert [key for key, _, _ in faults(told, only_people, NOW)] == ["groups"]


def test_a_list_names_every_kind_that_would_arise(tmp_path: Path) -> None:
    """Two kinds with one trigger arise together: a list that names one of them says what it would leave unworked."""
    policy = policy_of(tmp_path, KINDS + "[[version.followup]]" + ANOTHER)
    with pytest.raises(RefusedError, match="'offer' without 'other', which has the same trigger"):
        checked(campaign(listed=True), policy, NOW)
    both = campaign(listed=True, kinds=("offer", "other"))
    assert checked(both, policy, NOW) is both
    apart = policy_of(tmp_path, KINDS + "[[version.followup]]" + ANOTHER.replace('"campaign"', '"campaign:gift"'))
    assert checked(campaign(listed=True), apart, NOW).listed


@pytest.mark.parametrize("name", ["default", "members"])
def test_a_shipped_outreach_is_fit_for_a_list(name: str) -> None:
    """It may be dialled at once, needs consent, and anyone of the group may do it."""
    policy = load_policy(name)
    kind = policy.versions[0].promises.kind("outreach")
    assert kind is not None
    assert (str(kind.trigger), kind.mode.value, kind.basis.value, kind.anyone) == (
        "campaign",
        "direct",
        "consent",
        True,
    )
    assert checked(campaign(kinds=("outreach",), listed=True), policy, NOW).listed
