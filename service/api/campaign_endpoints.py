"""The endpoints on campaigns and the calls that are placed."""

from __future__ import annotations

from typing import Any

from service.api import campaign_parameters as c
from service.api.endpoint import Endpoint, Fresh, Method, Tag
from service.auth.tokens import Scope

ALL = "/api/v1/campaigns"
ONE = f"{ALL}/{{campaign}}"
ATTEMPTS = "/api/v1/attempts"


def _read(name: str, path: str, en: str, zh: str, answer: str, **more: Any) -> Endpoint:
    return Endpoint(
        path=path, name=name, en=en, zh=zh, answer=answer, tag=Tag.CAMPAIGNS, fresh=Fresh.MOMENT, **more
    )


def _done(name: str, path: str, en: str, zh: str, answer: str, body: str, **more: Any) -> Endpoint:
    """Something that is done; who may do it need not read."""
    return _read(
        name,
        path,
        en,
        zh,
        answer,
        method=Method.POST,
        content=body,
        scopes=(Scope.FOLLOWUPS,),
        **{"needs_read": False, **more},
    )


_OF_ONE: dict[str, Any] = {"parameters": (c.CAMPAIGN,), "missing": "campaign_not_found"}
_OF_ATTEMPT: dict[str, Any] = {"parameters": (c.ATTEMPT,), "missing": "attempt_not_found"}

CAMPAIGNS: tuple[Endpoint, ...] = (
    _read(
        "campaigns",
        ALL,
        "Campaigns, the higher priority first",
        "外呼活动，优先级高者在前",
        "Campaigns",
        parameters=(c.STATE,),
    ),
    _done(
        "campaign_create",
        ALL,
        "Make a campaign as a draft: of all that is owed of its kinds, or of a list or a query of customers",
        "创建活动（草稿）：按事项类别，或按名单、条件选客户",
        "CampaignMade",
        "CampaignBody",
    ),
    _read(
        "campaign",
        ONE,
        "How a campaign stands: contacts, attempts, reasons for not dialling, live calls, forecast, story",
        "活动进展：联系人、呼叫、未拨原因、进行中的呼叫、预计与经过",
        "CampaignStanding",
        **_OF_ONE,
    ),
    _read(
        "campaign_preview",
        f"{ONE}/preview",
        "How many it would call now, how many not by reason, and when the next may be called",
        "现在可拨多少、不可拨的原因，以及下一可拨时间",
        "CampaignOutlook",
        **_OF_ONE,
    ),
    _read(
        "campaign_contacts",
        f"{ONE}/contacts",
        "Its contacts, each with the reason why it is not dialled now, if there is one",
        "联系人，及现在不可拨的原因",
        "CampaignContacts",
        parameters=(c.CAMPAIGN, c.LIMIT, c.AFTER),
        missing="campaign_not_found",
    ),
    _read(
        "campaign_attempts",
        f"{ONE}/attempts",
        "Its calls in their order: who was dialled, how it ended, and how that is known",
        "活动的呼叫：拨了谁、结果及依据",
        "Attempts",
        parameters=(c.CAMPAIGN, c.LIMIT, c.AFTER),
        missing="campaign_not_found",
        is_table=True,
    ),
    _done(
        "campaign_change", f"{ONE}/change", "Change it", "更改活动", "CampaignMade", "CampaignChangeBody", **_OF_ONE
    ),
    _done(
        "campaign_members",
        f"{ONE}/members",
        "Put customers on its list",
        "加入名单",
        "CampaignMade",
        "MembersBody",
        **_OF_ONE,
    ),
    _done("campaign_start", f"{ONE}/start", "Start a draft", "开始活动", "CampaignMade", "TurnBody", **_OF_ONE),
    _done(
        "campaign_pause",
        f"{ONE}/pause",
        "No new calls until it is resumed",
        "暂停活动",
        "CampaignMade",
        "TurnBody",
        **_OF_ONE,
    ),
    _done(
        "campaign_resume",
        f"{ONE}/resume",
        "Go on after a pause",
        "恢复活动",
        "CampaignMade",
        "ResumeBody",
        **_OF_ONE,
    ),
    _done("campaign_stop", f"{ONE}/stop", "End it for good", "停止活动", "CampaignMade", "TurnBody", **_OF_ONE),
    _done(
        "attempt_click",
        ATTEMPTS,
        "Click to call: the agent's phone rings, then the customer's",
        "点击拨号：先振坐席，再拨客户",
        "AttemptDone",
        "ClickBody",
    ),
    _read(
        "attempts_indeterminate",
        f"{ATTEMPTS}/indeterminate",
        "Calls of all campaigns whose end nobody knows",
        "结果未定的呼叫",
        "Attempts",
        parameters=(c.LIMIT, c.AFTER),
    ),
    _done(
        "attempt_dial",
        f"{ATTEMPTS}/{{attempt}}/dial",
        "Dial the record that the agent looks at",
        "拨打坐席正在查看的记录",
        "AttemptDone",
        "DialBody",
        **_OF_ATTEMPT,
    ),
    _done(
        "attempt_skip",
        f"{ATTEMPTS}/{{attempt}}/skip",
        "Leave it, with a reason",
        "跳过并说明原因",
        "AttemptDone",
        "SkipBody",
        **_OF_ATTEMPT,
    ),
    _done(
        "attempt_settle",
        f"{ATTEMPTS}/{{attempt}}/settle",
        "Say how a call ended whose end nobody knew",
        "登记结果未定的呼叫",
        "AttemptDone",
        "SettleBody",
        **_OF_ATTEMPT,
    ),
    _done(
        "agent_next",
        "/api/v1/agents/{agent}/next",
        "The agent's next record of a preview campaign, or null: it is his until he dials, leaves it or waits too long",
        "坐席的下一条预览记录，没有则为 null：在其拨打、跳过或超时之前归其所有",
        "NextRecord",
        "NextBody",
        parameters=(c.AGENT,),
        needs_read=True,
    ),
)
