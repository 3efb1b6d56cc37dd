"""The words of notices, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from config.language import Language
from schedulers.notices.texts import TITLES
from service.cli.words import CHINESE, Words

NOTICES: Mapping[str, str] = {
    **CHINESE,
    **{topic.value: title for topic, title in TITLES[Language.ZH].items()},
    "topic": "事项",
    "recipient": "接收人",
    "channel": "通道",
    "wanted_at": "产生时间",
    "next_at": "下次发送",
    "tries": "已试次数",
    "ended_at": "结束时间",
    "wanted": "待发送",
    "sending": "发送中",
    "failed": "失败，将重试",
    "sent": "已发送",
    "given_up": "已放弃",
    "indeterminate": "未定，不再自动发送",
    "nowhere": "无通道",
    "taken": "通道已接收。",
    "refused": "通道拒收",
    "unknown": "结果未定",
    "wanted_again": "将重新发送",
    "may_come_twice": "{0}：可能已送达，重发会收到两次，确定重发？",
}

ENGLISH: Mapping[str, str] = {
    "taken": "The channel took it.",
    "refused": "The channel did not take it",
    "unknown": "It may have been taken",
    "may_come_twice": "{0}: it may have come, and would come twice. Send it again?",
}


def notice_words(language: Language) -> Words:
    """The words of a language."""
    return Words(NOTICES if language is Language.ZH else ENGLISH)
