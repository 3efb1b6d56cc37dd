"""The words of a week's and a month's Excel file, in Chinese and in English: the same from a command and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.settings import Language

ZH: Mapping[str, str] = {
    "quality": "质检",
    "agent": "坐席",
    "group": "组",
    "asked": "应抽",
    "drawn": "抽中",
    "n": "份数",
    "mean": "平均",
    "worst": "最低",
    "passed": "合格",
    "critical": "一票否决",
    "appeals": "申诉",
    "upheld": "申诉成立",
    "rejected": "维持原分",
    "all": "全部",
    "centre": "全中心",
    "training_points": "培训点",
    "coverage": "覆盖：{talked} 名有通话的坐席中 {covered} 名达到每月 {n} 份",
}
EN: Mapping[str, str] = {
    "n": "cards",
    "coverage": "Coverage: {covered} of {talked} agents who talked have {n} cards or more",
}


def sheet_word(language: Language) -> Callable[[str], str]:
    """The word for a name of the contract; where there is none, the name with spaces."""
    table = ZH if language is Language.ZH else EN
    return lambda name: table.get(name) or name.replace("_", " ")
