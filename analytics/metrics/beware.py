"""What a reader must know before he trusts a result: said with it everywhere, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Caution(StrEnum):
    """A kind of warning. The value is stable, for programs."""

    UNFINISHED = "unfinished"  # the period was not over at the as-of instant
    POLICY_CHANGED = "policy_changed"  # another version of the policy began within the period
    GAPS = "gaps"  # a PBX was not heard for some of the period
    INFERRED = "inferred"  # part of some calls was not heard
    OPEN_TALKS = "open_talks"  # talks are counted up to the as-of instant
    CONFERENCES = "conferences"  # sums of agents may exceed the customers' time
    UNJUDGED = "unjudged"  # customers whose hours are not over
    ESTIMATED = "estimated"  # a speech rate is estimated from sound


_ENGLISH = {
    Caution.UNFINISHED: "the period was not over: counted up to {at}",
    Caution.POLICY_CHANGED: (
        "the policy changed within the period: each call is judged by the one in force when it began"
    ),
    Caution.GAPS: "{count} gaps in the period: a PBX was not heard for {seconds} s of it",
    Caution.INFERRED: "{count} of the calls are inferred: part of them was not heard",
    Caution.OPEN_TALKS: "{count} talks were still going on and are counted up to the as-of instant",
    Caution.CONFERENCES: "in a conference each agent has his full time: sums may exceed the customer's time",
    Caution.UNJUDGED: "{count} contacts cannot be judged yet: their customers may still call again",
    Caution.ESTIMATED: "speech rates are estimated from sound: speech_rate_error says by how much they may be wrong",
}
_CHINESE = {
    Caution.UNFINISHED: "周期尚未结束：计至 {at}",
    Caution.POLICY_CHANGED: "周期内制度有变：每通电话按其开始时的制度评定",
    Caution.GAPS: "周期内有 {count} 处缺口：共 {seconds} 秒未监听到某台交换机",
    Caution.INFERRED: "其中 {count} 通为推断：部分过程未监听到",
    Caution.OPEN_TALKS: "{count} 段通话仍在进行，计至截止时刻",
    Caution.CONFERENCES: "会议通话中每位坐席均计全时：合计可能超过客户时长",
    Caution.UNJUDGED: "{count} 位客户尚不能判定：其可能再次来电",
    Caution.ESTIMATED: "语速由录音估计：可能的偏差见 speech_rate_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning. `str()` says it in English."""

    caution: Caution
    count: int = 0
    seconds: int = 0
    at: datetime | None = None

    def sentence(self, language: str = "en") -> str:
        """The warning as a sentence, in `en` or `zh`."""
        text = (_CHINESE if language == "zh" else _ENGLISH)[self.caution]
        at = self.at.isoformat() if self.at else ""
        return text.format(count=self.count, seconds=self.seconds, at=at)

    def __str__(self) -> str:
        return self.sentence()
