"""What requests about campaigns may say."""

from __future__ import annotations

from collections.abc import Sequence

from schedulers.campaigns.records import CampaignState
from service.api import followup_parameters as f
from service.api import parameters as p
from service.api.parameters import Parameter, Place
from service.api.readers import Now, one, one_of, quoted, refused, text_of

MAX_ID = 999_999_999


def _number(name: str, texts: Sequence[str], now: Now) -> int:
    """A number of ours."""
    text = one(name, texts) or ""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise refused(name, quoted(text), f"a whole number from 1 to {MAX_ID}")
    return int(text)


def _path(name: str, en: str, zh: str) -> Parameter:
    return Parameter(
        name=name,
        en=en,
        zh=zh,
        schema={"type": "integer", "minimum": 1, "maximum": MAX_ID},
        read=_number,
        example="7",
        place=Place.PATH,
        required=True,
    )


CAMPAIGN = _path("campaign", "A campaign's number.", "活动编号。")
ATTEMPT = _path("attempt", "An attempt's number.", "呼叫编号。")
STATE = Parameter(
    name="state",
    en="Only campaigns that stand so; without it, all.",
    zh="只要此状态的活动；不写为全部。",
    schema={"type": "string", "enum": [each.value for each in CampaignState]},
    read=one_of(tuple(each.value for each in CampaignState)),
    example="running",
)
AGENT = Parameter(
    name="agent",
    en="An agent's number.",
    zh="坐席工号。",
    schema=p.TEXT,
    read=text_of,
    example="1002",
    place=Place.PATH,
    required=True,
)
LIMIT, AFTER = f.LIMIT, f.AFTER
