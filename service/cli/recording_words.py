"""The words of recordings, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from config.language import Language
from service.cli.words import CHINESE, Words

RECORDINGS: Mapping[str, str] = {
    **CHINESE,
    "file": "文件",
    "files": "文件数",
    "path": "路径",
    "recording": "录音",
    "recordings": "录音",
    "call": "通话",
    "condition": "状态",
    "detail": "说明",
    "length": "时长",
    "hours": "小时",
    "megabytes": "兆字节",
    "channels": "声道",
    "layout": "声道内容",
    "axis": "时间轴",
    "linked": "已关联",
    "linked_by": "关联依据",
    "named": "PBX 命名",
    "channel": "通道编号",
    "ready": "可播放",
    "growing": "录制中",
    "empty": "空文件",
    "broken": "损坏",
    "unplayable": "无法解码",
    "missing": "文件缺失",
    "destroyed": "已销毁",
    "mixed": "混合",
    "apart": "双声道分开",
    "heard": "仅对方",
    "said": "仅己方",
    "whole": "全程",
    "joined": "仅通话中",
    "unknown": "未知",
    "folders": "已列目录",
    "seen": "已见文件",
    "found": "新增或变化",
    "queued": "待听",
    "refused": "拒绝",
    "orphans": "无归属",
    "orphan_files": "无通话的文件",
    "orphan_recordings": "无文件的录音",
    "waiting": "排队",
    "working": "处理中",
    "given_up": "已放弃",
    "oldest_at": "最早排队",
    "done": "已完成",
    "later": "稍后重试",
    "lost": "已由他人处理",
    "times_real_time": "倍速",
    "left": "剩余",
    "stopped": "已停止；未完成的文件已放回队列。",
    "span": "坐席时段",
    "holds": "保持",
    "speech": "有声",
    "silence": "静默",
    "music": "音乐",
    "talk_share": "坐席占比",
    "syllables": "音节",
    "version": "版本",
    "tries": "已试次数",
    "wanted_again": "将重新处理",
    "looked_at_again": "已重新查看",
    "to_listen": "待听时长",
    "kind": "种类",
}

ENGLISH: Mapping[str, str] = {
    "stopped": "Stopped; what was not done is back in the queue.",
    "wanted_again": "will be listened to again",
    "to_listen": "to listen to",
    "hours": "hours",
}


def recording_words(language: Language) -> Words:
    """The words of a language."""
    return Words(RECORDINGS if language is Language.ZH else ENGLISH)


def clock(milliseconds: int | None) -> str | None:
    """A length as people read it: 1:02:03.4."""
    if milliseconds is None:
        return None
    tenths = milliseconds // 100
    seconds, minutes, hours = tenths // 10 % 60, tenths // 600 % 60, tenths // 36_000
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{seconds:02}.{tenths % 10}"
