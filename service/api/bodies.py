"""What bodies say, each by the name of its component: of follow-ups, of events, and of campaigns."""

from __future__ import annotations

from config.followups import Result
from service.api import campaign_bodies as campaigns
from service.api.act_bodies import ACT_BODIES
from service.api.body_fields import (
    ANY_TEXT,
    BY,
    MAX_PAIRS,
    NOTE,
    TEXT,
    Body,
    Field,
    pairs,
    read_any_text,
    read_flag,
    read_ids,
    read_result,
    text,
    when,
)
from service.api.schema import enum

OUTCOME: Body = (
    BY,
    Field(
        name="result",
        en="What the contact was; without it, talked: reached.",
        zh="联系结果；不写为 talked：已接通。",
        schema=enum(Result),
        read=read_result,
        example="talked",
    ),
    Field(
        name="also",
        en="Further follow-ups of the same customer that it was about.",
        zh="同一客户的其他事项。",
        schema={"type": "array", "items": TEXT, "maxItems": MAX_PAIRS},
        read=read_ids,
        example=["5b0c77d0a5a5a1f3c1aa"],
    ),
    Field(
        name="content",
        en="Whether the customer is satisfied; without it, as his marks say.",
        zh="客户是否满意；不写则按评分。",
        schema={"type": "boolean"},
        read=read_flag,
        example=True,
    ),
    pairs("answers", "Answers to the survey, by question.", "问卷回答，按问题。", {"mark": 5}),
    when(
        "agree_at", "A time agreed with the customer: it replaces the due time.", "与客户约定的时间，取代到期时间。"
    ),
    Field(
        name="promise",
        en="A new question that is to be answered: which promise of the policy; empty for the plain one.",
        zh="新提出、须答复的问题：政策中的承诺名；空为普通承诺。",
        schema=ANY_TEXT,
        read=read_any_text,
        example="",
    ),
    when("promise_at", "By when it was promised.", "承诺的时间。"),
    text("promise_skill", "The skill that the answer needs.", "答复所需技能。", "sichuan"),
    text("close", "Give it up with this reason.", "以此理由关闭。", "refused"),
    text(
        "elsewhere",
        "A contact that this PBX did not carry: mobile, wechat, visit.",
        "非本系统的联系方式。",
        "wechat",
    ),
    when("contact_at", "When that contact was.", "该次联系的时间。"),
    text("call", "The call that it was.", "对应的通话编号。", "main/1795294482.32"),
    text(
        "key",
        "Names this record for good: the same again counts once.",
        "本记录的唯一编号，重复只计一次。",
        "crm-881",
    ),
    NOTE,
)
RESCHEDULE: Body = (BY, when("to", "The new due time.", "新的到期时间。", required=True), NOTE)
HAND_OVER: Body = (BY, text("to", "Who does it from now on.", "移交给谁。", "1003", required=True), NOTE)
CLOSE: Body = (
    BY,
    text("reason", "One of the reasons that the kind permits.", "该事项允许的理由。", "refused", required=True),
    NOTE,
)
REOPEN: Body = (BY, NOTE)
EVENT: Body = (
    text(
        "event",
        "An event for which the policy has a kind.",
        "政策中有对应事项的事件。",
        "report_received",
        required=True,
    ),
    text("customer", "A customer's id, or one of his numbers.", "客户编号或其号码。", "C-1", required=True),
    text(
        "key",
        "Names the event for good: the same again makes nothing.",
        "事件唯一编号，重复不再生成。",
        "R-77",
        required=True,
    ),
    when("at", "When it happened; without it, now.", "发生时间；不写为现在。"),
    text("by", "The agent who was asked, or did it.", "经手坐席。", "1002"),
    pairs(
        "about",
        "What the policy may ask of it, by name.",
        "政策可引用的属性。",
        {"class": "general", "amount": 120},
    ),
)
BODIES: dict[str, Body] = {
    "OutcomeBody": OUTCOME,
    "RescheduleBody": RESCHEDULE,
    "HandOverBody": HAND_OVER,
    "CloseBody": CLOSE,
    "ReopenBody": REOPEN,
    "EventBody": EVENT,
    "CampaignBody": campaigns.CAMPAIGN,
    "CampaignChangeBody": campaigns.CHANGE,
    "TurnBody": campaigns.TURN,
    "ResumeBody": campaigns.RESUME,
    "MembersBody": campaigns.MEMBERS,
    "DialBody": campaigns.DIAL,
    "SkipBody": campaigns.SKIP,
    "SettleBody": campaigns.SETTLE,
    "ClickBody": campaigns.CLICK,
    "NextBody": campaigns.NEXT,
    **ACT_BODIES,
}
"""By the name of the component."""
