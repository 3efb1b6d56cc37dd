"""The words of notices, in Chinese and in English, and filling them; pure.

Several notices of one topic go in one message: a title, and a line for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.language import Language
from schedulers.followups.records import Attributes
from schedulers.notices.records import Topic
from telephony.clock import from_microseconds

_ITEM_ZH = "{kind}，到期 {due}，号码 {number}，负责人 {owner}（编号 {follow_up}）"
_ITEM_EN = "{kind}, due {due}, number {number}, owner {owner} (id {follow_up})"

TITLES: Mapping[Language, Mapping[Topic, str]] = {
    Language.ZH: {
        Topic.OVERDUE: "跟进已逾期",
        Topic.NEAR: "约定时间临近",
        Topic.UNACKNOWLEDGED: "约定时间临近，负责人未确认",
        Topic.ESCALATED: "跟进已上报给您",
        Topic.AT_ONCE: "紧急事项",
        Topic.CANNOT_BE_MET: "无法按期完成",
        Topic.MUST_DECIDE: "尝试次数已满，请决定",
        Topic.HANDED_OVER: "跟进已转交给您",
        Topic.ORPHANED: "负责人不在，跟进转到您名下",
        Topic.PBX_GAP: "PBX 连接中断",
        Topic.PBX_GAP_OVER: "PBX 连接已恢复",
        Topic.COVERAGE: "录音覆盖率不足",
        Topic.STEREO_COVERAGE: "双声道录音不足",
        Topic.TEST: "测试通知",
    },
    Language.EN: {
        Topic.OVERDUE: "Follow-up overdue",
        Topic.NEAR: "A promised time is near",
        Topic.UNACKNOWLEDGED: "A promised time is near, and its owner has not answered",
        Topic.ESCALATED: "A follow-up was brought before you",
        Topic.AT_ONCE: "Urgent",
        Topic.CANNOT_BE_MET: "Cannot be met in time",
        Topic.MUST_DECIDE: "Tried as often as permitted: please decide",
        Topic.HANDED_OVER: "A follow-up was handed over to you",
        Topic.ORPHANED: "Its owner is away: a follow-up came to you",
        Topic.PBX_GAP: "A PBX is not heard",
        Topic.PBX_GAP_OVER: "A PBX is heard again",
        Topic.COVERAGE: "Too few recordings",
        Topic.STEREO_COVERAGE: "Too few stereo recordings",
        Topic.TEST: "A test",
    },
}

LINES: Mapping[Language, Mapping[Topic, str]] = {
    Language.ZH: {
        Topic.CANNOT_BE_MET: _ITEM_ZH + "：{obstacle}",
        Topic.PBX_GAP: "{pbx}：自 {start} 起未收到任何信息（{why}）",
        Topic.PBX_GAP_OVER: "{pbx}：{start} 至 {end} 未收到信息（{why}）",
        Topic.COVERAGE: "{queue}：{day} 录音覆盖率 {share}%，低于 {least}%；{talks} 段通话中缺 {lacking} 段（{link}）",
        Topic.STEREO_COVERAGE: "{queue}：{day} 双声道覆盖率 {share}%，低于 {least}%；共 {talks} 段通话（{link}）",
        Topic.TEST: "此通道可以收到三声的通知。",
    },
    Language.EN: {
        Topic.CANNOT_BE_MET: _ITEM_EN + ": {obstacle}",
        Topic.PBX_GAP: "{pbx}: nothing was heard since {start} ({why})",
        Topic.PBX_GAP_OVER: "{pbx}: nothing was heard from {start} to {end} ({why})",
        Topic.COVERAGE: "{queue}: {share} % of {day} recorded, under {least} %; {lacking} of {talks} lack one ({link})",
        Topic.STEREO_COVERAGE: "{queue}: {share} % of {day} in stereo, under {least} %, of {talks} talks ({link})",
        Topic.TEST: "Notices of Three Rings reach this channel.",
    },
}
"""Lines of topics that say other than follow-ups do."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: {
        "no_window": "到期前没有可联系的时段",
        "cap": "客户联系次数已达上限",
        "no_number": "没有可拨打的号码",
        "lost": "连接中断",
        "stopped": "监听停止",
        "crashed": "监听异常终止",
        "unbroken": "连接已断而未告知",
        "pbx_restarted": "PBX 正常重启",
        "pbx_crashed": "PBX 异常重启",
        "no_queue": "队列以外",
    },
    Language.EN: {
        "no_window": "no permitted time before it is due",
        "cap": "the customer was contacted as often as permitted",
        "no_number": "no number that could be called",
        "lost": "the connection ended",
        "stopped": "the listener was stopped",
        "crashed": "the listener ended unexpectedly",
        "unbroken": "the connection's end was not told",
        "pbx_restarted": "the PBX restarted",
        "pbx_crashed": "the PBX crashed",
        "no_queue": "outside queues",
    },
}
_NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: plain text, without markup."""

    title: str
    body: str


def message_of(topic: Topic, about: Sequence[Attributes], language: Language, zone: ZoneInfo) -> Message:
    """The message that tells of one occasion or of several; times are by the clocks of the zone."""
    title = TITLES[language][topic]
    template = LINES[language].get(topic, _ITEM_ZH if language is Language.ZH else _ITEM_EN)
    lines = [template.format_map(_filled(details, language, zone)) for details in about]
    return Message(title=title if len(lines) == 1 else f"{title} ({len(lines)})", body="\n".join(lines))


class _Filled(dict[str, str]):
    """What is not known is a dash: a text is never the reason why nobody is told."""

    def __missing__(self, name: str) -> str:
        return _NOTHING


def _filled(details: Attributes, language: Language, zone: ZoneInfo) -> _Filled:
    filled = _Filled()
    for name, value in details:
        if name.endswith("_us") and isinstance(value, int):
            filled[name.removesuffix("_us")] = f"{from_microseconds(value).astimezone(zone):%Y-%m-%d %H:%M}"
        elif name == "queue" and not value:
            filled[name] = WORDS[language]["no_queue"]
        else:
            text = WORDS[language].get(str(value), str(value)) if name in ("obstacle", "why") else str(value)
            filled[name] = " ".join(text.split()) or _NOTHING
    filled["kind"] = filled.get(f"kind_{language.value}", _NOTHING)
    return filled
