"""The words and questions of listening to samples, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Language
from service.cli.words import CHINESE, Words
from service.quality.sheet_words import EN, ZH

QUALITY: Mapping[str, str] = {
    **CHINESE,
    **ZH,
    "id": "编号",
    "week": "周",
    "month": "月",
    "inspector": "质检员",
    "state": "状态",
    "open": "待听",
    "scored": "已评",
    "replaced": "已换",
    "stratum": "层",
    "started_at": "通话时间",
    "length": "时长",
    "mark": "得分",
    "commitment": "种子承诺",
    "drawn_at": "抽样时间",
    "candidates": "候选",
    "samples": "样本",
    "seed": "种子",
    "same": "重算一致",
    "differs": "重算不一致",
    "short_of": "通话不足：要 {asked} 通，只有 {found} 通，全部抽中",
    "not_drawn": "未到抽样时间",
    "nothing_due": "没有到期的抽样。",
    "criterion": "项目",
    "weight": "权重",
    "remark": "评语",
    "kind": "种类",
    "text": "内容",
    "by": "谁",
    "at": "时间",
    "note": "记录",
    "reply": "回复",
    "appeal": "申诉",
    "correction": "更正",
    "calibration": "校准",
    "said": "评语与记录",
    "percent": "得分率",
    "trainings": "培训安排",
    "planned_on": "日期",
    "none_left": "没有可换的通话了：该坐席本月不再补抽。",
}
ENGLISH: Mapping[str, str] = {
    **EN,
    "short_of": "short: {asked} asked for, {found} found, all taken",
    "not_drawn": "not due yet",
    "nothing_due": "Nothing is due to be drawn.",
    "same": "the same again",
    "differs": "not the same again",
    "none_left": "No talk is left to take in its place: this agent gets none more of this draw.",
}
_QUESTIONS: Mapping[str, Mapping[Language, str]] = {
    "score": {
        Language.ZH: "样本 {0}：评分提交后不可修改，确定提交？",
        Language.EN: "sample {0}: a submitted card is never changed. Submit it?",
    },
    "replace": {
        Language.ZH: "样本 {0}：换掉后不可恢复，确定换一条？",
        Language.EN: "sample {0}: what is replaced stays so. Replace it?",
    },
    "decide": {
        Language.ZH: "申诉 {0}：裁定后不可修改，确定？",
        Language.EN: "appeal {0}: a decision stays. Decide it?",
    },
}


def quality_words(language: Language) -> Words:
    """The words of a language."""
    return Words(QUALITY if language is Language.ZH else ENGLISH)


def question(name: str, language: Language, about: str) -> str:
    """A question that is asked before what cannot be undone."""
    return _QUESTIONS[name][language].format(about)
