"""Says what is listened for in recordings and how a talk is to sound, in Chinese or English. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from config.recordings import Band, RecordingRules, SoundTargets

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingWords:
    """The sentences of one language."""

    limits: str
    factor: str
    error: str
    speech_rate: str
    first_words: str
    talk_share: str
    mutual_silence: str
    overlaps: str
    response: str
    coverage: str
    stereo_coverage: str


ZH = RecordingWords(
    limits="录音中双方静默超过 {silence} 秒、抢话超过 {overlap} 秒即标出；话轮内停顿不超过 {pause} 秒不断开。",
    factor="语速估计值按校准系数 {factor} 折算。",
    error="对本中心嗓音的估计误差按 ±{share}% 计，另加方法自身误差。",
    speech_rate="语速目标：每分钟 {low}–{high} 字；误差触及边界时不判定，不达不算违规。",
    first_words="接起后 {seconds} 秒内开口，恰好算及时。",
    talk_share="坐席说话占比目标：{low}%–{high}%。",
    mutual_silence="双方静默目标：不超过通话的 {share}%。",
    overlaps="抢话目标：每十段通话不超过 {count} 次。",
    response="应答间隔目标：平均不超过 {seconds} 秒。",
    coverage="某队列前一日可播放录音的覆盖率低于 {share}% 即告警。",
    stereo_coverage="某队列前一日双声道录音的覆盖率低于 {share}% 即告警。",
)

EN = RecordingWords(
    limits=(
        "In recordings a mutual silence over {silence} s and speaking at once over {overlap} s are told; a pause up to "
        "{pause} s lies within a turn."
    ),
    factor="The estimate of the speech rate is multiplied by {factor}.",
    error="Of this centre's voices it is taken to be up to {share} % wrong, beside the estimate's own error.",
    speech_rate=(
        "Speech rate, target: {low} to {high} characters a minute; undecided within its error, and no fault outside."
    ),
    first_words="First words within {seconds} s of the answer; equality is in time.",
    talk_share="The agent's share of speech, target: {low} % to {high} %.",
    mutual_silence="Mutual silence, target: at most {share} % of the talk.",
    overlaps="Speaking at once, target: at most {count} in ten talks.",
    response="Response delay, target: at most {seconds} s on average.",
    coverage="An alarm is given when under {share} % of a queue's talks of yesterday have a playable recording.",
    stereo_coverage="An alarm is given when under {share} % of a queue's talks of yesterday have one in stereo.",
)
LANGUAGES = {"zh": ZH, "en": EN}


def explain_recordings(rules: RecordingRules, language: str) -> Iterator[str]:
    """The sentences of one version."""
    words = LANGUAGES[language]
    yield words.limits.format(
        silence=seconds_of(rules.silence), overlap=seconds_of(rules.overlap), pause=seconds_of(rules.turn_pause)
    )
    if rules.rate_factor != RecordingRules().rate_factor:
        yield words.factor.format(factor=Decimal(rules.rate_factor).scaleb(-3).normalize())
    if rules.rate_error != RecordingRules().rate_error:
        yield words.error.format(share=rules.rate_error)
    yield from _targets(rules.targets, words)
    if rules.coverage:
        yield words.coverage.format(share=rules.coverage)
    if rules.stereo_coverage:
        yield words.stereo_coverage.format(share=rules.stereo_coverage)


def _targets(targets: SoundTargets, words: RecordingWords) -> Iterator[str]:
    if targets.speech_rate:
        yield _band(words.speech_rate, targets.speech_rate)
    yield words.first_words.format(seconds=seconds_of(targets.first_words))
    if targets.talk_share:
        yield _band(words.talk_share, targets.talk_share)
    if targets.mutual_silence is not None:
        yield words.mutual_silence.format(share=targets.mutual_silence)
    if targets.overlaps is not None:
        yield words.overlaps.format(count=targets.overlaps)
    if targets.response is not None:
        yield words.response.format(seconds=seconds_of(targets.response))


def _band(sentence: str, band: Band) -> str:
    return sentence.format(low=band.low, high=band.high)


def seconds_of(duration: timedelta) -> str:
    """Seconds with as many decimals as are needed, exactly."""
    return f"{Decimal(duration // _MS).scaleb(-3).normalize():f}"
