"""Says how a centre listens to samples, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.quality import Automatic, Criterion, Critical, Quality, Replacement, Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityWords:
    """The sentences of one language."""

    sample: str
    strata: str
    replace: str
    card: str
    criterion: str
    critical: str
    automatic: str
    appeal: str
    means: str
    comma: str
    weekdays: tuple[str, ...]
    strata_names: Mapping[Stratum, str]
    reasons: Mapping[Replacement, str]
    proposals: Mapping[Automatic, str]


ZH = QualityWords(
    sample="质检：每人每月至少抽听 {n} 通，通话不短于 {seconds} 秒；每{weekday} {at} 抽上一周的，种子事先公布承诺。",
    strata="抽样按{names}分层：少听过的层优先。",
    replace="可换一条的理由：{names}；换按种子次序的下一条，留痕。",
    card="评分表：{criteria}；每项 0–{scale} 分，满分 100，{pass_mark} 分合格。",
    criterion="{name} {weight}",
    critical="一票否决：{names}，有一项即记 0 分。",
    automatic="机器只提示、不打分：{names}。",
    appeal="坐席 {reply} 天内可回复，{appeal} 天内可申诉，由另一人裁定并写明理由。",
    means="不足 {n} 份不给平均分；每周列最低的 {points} 项为培训点。",
    comma="、",
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    strata_names={
        Stratum.DIRECTION: "呼入呼出",
        Stratum.LENGTH: "时长",
        Stratum.HOUR: "时段",
        Stratum.OUTCOME: "业务结果",
    },
    reasons={
        Replacement.BROKEN: "录音听不了",
        Replacement.WRONG_PERSON: "不是本人",
        Replacement.PRIVATE: "私人通话",
        Replacement.NO_SERVICE: "不是服务通话",
    },
    proposals={Automatic.FIRST_WORDS: "开口", Automatic.SPEECH_RATE: "语速", Automatic.SILENCES: "静默"},
)

EN = QualityWords(
    sample="Quality: at least {n} talks of each agent a month are listened to, of {seconds} s or longer; each "
    "{weekday} at {at} the week before is drawn, by a seed that was committed to beforehand.",
    strata="A sample is spread by {names}: what was heard least comes first.",
    replace="A sample may be replaced for: {names}; by the next one in the seeded order, kept on record.",
    card="Scorecard: {criteria}; each is marked from 0 to {scale}, 100 in all, {pass_mark} passes.",
    criterion="{name} {weight}",
    critical="Critical: {names}; any of them makes the mark 0.",
    automatic="The machine proposes and never scores: {names}.",
    appeal="The agent may reply for {reply} days and appeal for {appeal}; another person decides, with a reason.",
    means="No mean of fewer than {n} cards; the {points} lowest criteria of a week are its training points.",
    comma=", ",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    strata_names={
        Stratum.DIRECTION: "direction",
        Stratum.LENGTH: "length",
        Stratum.HOUR: "time of day",
        Stratum.OUTCOME: "outcome",
    },
    reasons={
        Replacement.BROKEN: "cannot be listened to",
        Replacement.WRONG_PERSON: "another person",
        Replacement.PRIVATE: "private call",
        Replacement.NO_SERVICE: "no service call",
    },
    proposals={
        Automatic.FIRST_WORDS: "first words",
        Automatic.SPEECH_RATE: "speech rate",
        Automatic.SILENCES: "silences",
    },
)
QUALITY_WORDS: Mapping[str, QualityWords] = {"zh": ZH, "en": EN}


def explain_quality(quality: Quality | None, language: str) -> Iterator[str]:
    """A sentence each; nothing where nothing is sampled."""
    if quality is None:
        return
    words = QUALITY_WORDS[language]
    comma, seconds = words.comma.join, quality.minimum_length.total_seconds()
    yield words.sample.format(
        n=quality.at_least, seconds=f"{seconds:g}", weekday=words.weekdays[quality.draw_on],
        at=f"{quality.draw_at:%H:%M}",
    )  # fmt: skip
    if quality.strata:
        yield words.strata.format(names=comma(words.strata_names[each] for each in quality.strata))
    if quality.replace:
        yield words.replace.format(names=comma(words.reasons[each] for each in quality.replace))
    criteria = (words.criterion.format(name=_name(each, language), weight=each.weight) for each in quality.criteria)
    yield words.card.format(criteria=comma(criteria), scale=quality.scale, pass_mark=quality.pass_mark)
    if quality.criticals:
        yield words.critical.format(names=comma(_name(each, language) for each in quality.criticals))
    if quality.automatic:
        yield words.automatic.format(names=comma(words.proposals[each] for each in quality.automatic))
    yield words.appeal.format(reply=quality.reply_days, appeal=quality.appeal_days)
    yield words.means.format(n=quality.mean_from, points=quality.training_points)


def _name(named: Criterion | Critical, language: str) -> str:
    return named.name_zh if language == "zh" else named.name_en
