"""Metrics of recordings: how many talks have one, and what is heard in them."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit

_count = partial(Metric, chapter=Chapter.RECORDINGS, unit=Unit.COUNT)
_rate = partial(Metric, chapter=Chapter.RECORDINGS, unit=Unit.RATE)
_minutes = partial(Metric, chapter=Chapter.RECORDINGS, unit=Unit.MINUTES)
_seconds = partial(Metric, chapter=Chapter.RECORDINGS, unit=Unit.SECONDS)
_a_minute = partial(Metric, chapter=Chapter.RECORDINGS, unit=Unit.PER_MINUTE)

_TO_RECORD = ("talks_over", "-talks_destroyed")
_SAID = ("agent_speech_ms", "customer_speech_ms")
_FIRST_WORDS = ("first_words_within", "first_words_over")
_JUDGED = ("rate_in", "rate_below", "rate_above", "rate_undecided")

_COVERAGE: tuple[Metric, ...] = (
    _count(
        name="talks_ended",
        zh="客户通话段",
        en="talks with customers",
        sentence=(
            "Talks of agents with customers that are over, each stretch by itself; a talk that was handed on is two, "
            "and each is to have a recording."
        ),
        formula="count",
        of=("talks_over",),
    ),
    _count(
        name="talks_recorded",
        zh="有录音的通话段",
        en="talks with a recording",
        sentence="Talks with customers of which at least a part lies in a file that can be played.",
        formula="count; part of talks_ended",
        of=("talks_recorded",),
    ),
    _count(
        name="talks_unrecorded",
        zh="缺录音的通话段",
        en="talks without a recording",
        sentence="Talks with customers that lie in no file that can be played, nor in one destroyed by order.",
        formula="talks_ended − talks_destroyed − talks_recorded",
        of=("talks_over", "-talks_destroyed", "-talks_recorded"),
    ),
    _count(
        name="talks_destroyed",
        zh="录音已销毁的通话段",
        en="talks whose recording was destroyed",
        sentence="Talks with customers whose recordings were destroyed by order; they are outside coverage.",
        formula="count; part of talks_ended",
        of=("talks_destroyed",),
    ),
    _rate(
        name="recording_coverage",
        zh="录音覆盖率",
        en="recording coverage",
        sentence="The share of talks with customers that have a recording that can be played.",
        formula="talks_recorded ÷ (talks_ended − talks_destroyed)",
        of=("talks_recorded",),
        over=_TO_RECORD,
    ),
    _rate(
        name="stereo_coverage",
        zh="双声道覆盖率",
        en="stereo coverage",
        sentence=(
            "The share of talks with customers that have a playable recording with agent and customer each on a "
            "channel of his own."
        ),
        formula="talks recorded so ÷ (talks_ended − talks_destroyed)",
        of=("talks_apart",),
        over=_TO_RECORD,
    ),
    _rate(
        name="recordings_named",
        zh="交换机称已录音",
        en="recordings named by the PBX",
        sentence="The share of calls with a customer's talk for which the PBX named a recording, file or no file.",
        formula="calls with a named recording ÷ customer_talks",
        of=("recorded",),
        over=("customer_talks",),
    ),
)

_HEARD: tuple[Metric, ...] = (
    _count(
        name="talks_measured",
        zh="已分析的通话段",
        en="talks listened to",
        sentence="Talks with customers whose recording was listened to by the software.",
        formula="count; part of talks_recorded as long as the files are there",
        of=("talks_heard",),
    ),
    _count(
        name="talks_not_measurable",
        zh="单声道不可测的通话段",
        en="talks not measurable",
        sentence=(
            "Talks listened to in which agent and customer could not be told apart, since both are on one channel: "
            "what either of them said is not measurable."
        ),
        formula="talks_measured − those with both told apart",
        of=("talks_heard", "-talks_sided"),
    ),
    _rate(
        name="speech_share",
        zh="语音占比",
        en="share of speech",
        sentence="The share of the talks listened to in which anybody spoke; music is no speech.",
        formula="time with speech ÷ time listened to, hold left out",
        of=("speech_ms",),
        over=("heard_ms",),
    ),
    _rate(
        name="agent_talk_share",
        zh="坐席说话占比",
        en="agent's share of speech",
        sentence="The agent's part of all that agent and customer said.",
        formula="agent's speech ÷ (agent's speech + customer's speech)",
        of=("agent_speech_ms",),
        over=_SAID,
    ),
    _count(
        name="mutual_silences",
        zh="双方静默次数",
        en="mutual silences",
        sentence="How often nobody spoke for longer than recordings.silence (3 s).",
        formula="count",
        of=("silences",),
    ),
    _rate(
        name="mutual_silence_rate",
        zh="有静默的通话占比",
        en="talks with a mutual silence",
        sentence="The share of the talks listened to in which nobody spoke for longer than recordings.silence.",
        formula="talks with a mutual silence ÷ talks_measured",
        of=("talks_with_silence",),
        over=("talks_heard",),
    ),
    _minutes(
        name="mutual_silence_minutes",
        zh="双方静默时长",
        en="mutual silence",
        sentence="Time of the talks listened to in which nobody spoke and no music played, of any length.",
        formula="sum",
        of=("silence_ms",),
    ),
    _rate(
        name="mutual_silence_share",
        zh="双方静默占比",
        en="share of mutual silence",
        sentence="The share of the talks listened to in which nobody spoke and no music played.",
        formula="mutual_silence_minutes ÷ time listened to, hold left out",
        of=("silence_ms",),
        over=("heard_ms",),
    ),
    _seconds(
        name="longest_mutual_silence",
        zh="最长静默",
        en="longest mutual silence",
        sentence="The longest time in which nobody spoke; none where none was longer than recordings.silence.",
        formula="greatest",
        of=("longest_silence_ms",),
    ),
    _count(
        name="overlaps",
        zh="抢话次数",
        en="times of speaking at once",
        sentence="How often agent and customer spoke at once for longer than recordings.overlap (1 s).",
        formula="count",
        of=("overlaps",),
    ),
    Metric(
        name="overlaps_per_talk",
        chapter=Chapter.RECORDINGS,
        unit=Unit.MEAN,
        zh="每段通话抢话",
        en="speaking at once, a talk",
        sentence="How often agent and customer spoke at once for longer than recordings.overlap, in each talk.",
        formula="overlaps ÷ talks with both told apart",
        of=("overlaps",),
        over=("talks_sided",),
    ),
    _rate(
        name="overlap_share",
        zh="抢话占比",
        en="share of speaking at once",
        sentence="The share of the talks in which agent and customer spoke at once, for however short.",
        formula="time of speaking at once ÷ time listened to of talks with both told apart",
        of=("overlap_ms",),
        over=("sided_ms",),
    ),
    _seconds(
        name="response_delay",
        zh="应答间隔",
        en="response delay",
        sentence="From the customer's last word to the agent's next, on average over all times that he answered.",
        formula="sum of delays ÷ times that the agent spoke after the customer",
        of=("response_ms",),
        over=("responses",),
    ),
    _seconds(
        name="longest_response_delay",
        zh="最长应答间隔",
        en="longest response delay",
        sentence="The longest time from the customer's last word to the agent's next.",
        formula="greatest",
        of=("longest_response_ms",),
    ),
    _rate(
        name="first_words_rate",
        zh="及时开口率",
        en="first words in time",
        sentence=(
            "The share of talks whose agent said his first words within recordings.targets.first_words (2 s) of the "
            "answer; equality is in time."
        ),
        formula="talks with first words in time ÷ talks whose first words were heard",
        of=("first_words_within",),
        over=_FIRST_WORDS,
    ),
    _seconds(
        name="average_first_words",
        zh="平均开口时间",
        en="mean time to first words",
        sentence="From the answer to the agent's first words, on average.",
        formula="sum ÷ talks whose first words were heard",
        of=("first_words_ms",),
        over=_FIRST_WORDS,
    ),
    _count(
        name="talks_silent",
        zh="客户无声的通话段",
        en="talks with a silent customer",
        sentence="Talks on whose recording nothing is heard of the customer; silent_calls counts whole calls.",
        formula="count; part of talks_measured",
        of=("talks_silent",),
    ),
)

_RATE: tuple[Metric, ...] = (
    _count(
        name="speech_rate_talks",
        zh="测得语速的通话段",
        en="talks with a speech rate",
        sentence="Talks in which the agent is alone on a channel and spoke.",
        formula="count; part of talks_measured",
        of=("talks_rated",),
    ),
    _a_minute(
        name="speech_rate",
        zh="语速",
        en="speech rate",
        sentence=(
            "Characters (one is a syllable) a minute of the agent's turns, pauses up to recordings.turn_pause (1 s) "
            "within a turn inside, the customer's turns and hold outside; an estimate."
        ),
        formula="syllables × 60,000 ÷ milliseconds of the agent's turns",
        of=("syllables",),
        over=("turns_ms",),
    ),
    _rate(
        name="speech_rate_error",
        zh="语速误差",
        en="error of the speech rate",
        sentence=(
            "By what share of itself the speech rate may be wrong, as if every talk were wrong to the same side: what "
            "is wrong with the estimate does not go away in a mean."
        ),
        formula="sum of the talks' errors in syllables ÷ syllables",
        of=("error_syllables",),
        over=("syllables",),
    ),
    _a_minute(
        name="phonation_rate",
        zh="发声语速",
        en="rate over phonation",
        sentence="Characters a minute of the agent's speech alone, pauses within a turn outside too.",
        formula="syllables × 60,000 ÷ milliseconds of the agent's speech in his turns",
        of=("syllables",),
        over=("phonation_ms",),
    ),
    _rate(
        name="speech_rate_in_band",
        zh="语速达标占比",
        en="speech rate in the band",
        sentence=(
            "The share of talks whose speech rate lies within recordings.targets.speech_rate with all of its error; "
            "the band is a target and no fault."
        ),
        formula="talks within ÷ talks with a speech rate that were judged",
        of=("rate_in",),
        over=_JUDGED,
    ),
    _rate(
        name="speech_rate_below",
        zh="语速偏慢占比",
        en="speech rate below the band",
        sentence="The share of talks whose speech rate lies below the band with all of its error.",
        formula="talks below ÷ talks with a speech rate that were judged",
        of=("rate_below",),
        over=_JUDGED,
    ),
    _rate(
        name="speech_rate_above",
        zh="语速偏快占比",
        en="speech rate above the band",
        sentence="The share of talks whose speech rate lies above the band with all of its error.",
        formula="talks above ÷ talks with a speech rate that were judged",
        of=("rate_above",),
        over=_JUDGED,
    ),
    _rate(
        name="speech_rate_undecided",
        zh="语速未判定占比",
        en="speech rate undecided",
        sentence="The share of talks of which an edge of the band lies within the error of the speech rate.",
        formula="talks undecided ÷ talks with a speech rate that were judged",
        of=("rate_undecided",),
        over=_JUDGED,
    ),
)

SOUND_METRICS: tuple[Metric, ...] = (*_COVERAGE, *_HEARD, *_RATE)
"""In the order of the document."""
