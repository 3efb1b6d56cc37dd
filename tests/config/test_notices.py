"""Who is told by which channel, as threerings.toml says it."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from config.followups import Group, Promises
from config.language import Language
from config.loader import load_settings
from config.notices import NoticeSettings, Recipient, RecipientKind, channels_of


def test_notices_are_read_with_their_channels_and_recipients(tmp_path: Path) -> None:
    """Addresses are named, never held; whoever has no language of his own reads his channel's."""
    path = tmp_path / "threerings.toml"
    path.write_text(
        '[notices]\nquiet = ["21:00-08:00", "12:00-13:00"]\ngap_seconds = 90\n'
        '[notices.channel.robot]\nurl_file = "robot"\nlanguage = "en"\n'
        '[notices.to]\nduty = ["robot"]\n1001 = ["robot"]\n[notices.language]\n1001 = "zh"\n',
        encoding="utf-8",
    )
    notices = load_settings(path, {}).notices
    assert notices.channels[0].url.file == tmp_path / "robot"
    assert notices.gap == timedelta(seconds=90)
    assert [each.holds(time(7, 59)) for each in notices.quiet] == [True, False]
    duty, agent = Recipient(kind=RecipientKind.DUTY), Recipient(kind=RecipientKind.AGENT, name="1001")
    assert channels_of(notices, duty, Promises()) == channels_of(notices, agent, Promises()) == ("robot",)
    assert notices.language(duty, "robot", Language.ZH) is Language.EN
    assert notices.language(agent, "robot", Language.EN) is Language.ZH


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ({"leader:a": ("one",), "7": ("two",)}, ("one",)),
        ({"7": ("two",), "8": ("three",)}, ("two",)),
        ({"8": ("three",)}, ("three",)),
        ({"9": ("four",)}, ("four",)),
        ({"duty": ("five",), "9": ("four",)}, ("five",)),
        ({"pbx": ("six",)}, ()),
    ],
)
def test_a_leader_is_reached_by_his_role_as_a_person_or_by_the_duty_leader(
    to: dict[str, tuple[str, ...]], found: tuple[str, ...]
) -> None:
    """In this order; the first person of a role who has a channel stands for it."""
    promises = Promises(groups=(Group(group="a", leaders=("7", "8")),), duty=("9",))
    leader = Recipient(kind=RecipientKind.LEADER, name="a")
    assert channels_of(NoticeSettings(to=to), leader, promises) == found
