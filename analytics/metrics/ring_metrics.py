"""Metrics of three rings 三声之内接听: the agent's view and the caller's."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit
from analytics.metrics.measures import caller, ring
from analytics.metrics.rings import IN_CALLER_RATE, IN_RATE, CallerResult, RingResult

_count = partial(Metric, chapter=Chapter.RINGS, unit=Unit.COUNT)
_rate = partial(Metric, chapter=Chapter.RINGS, unit=Unit.RATE)
_seconds = partial(Metric, chapter=Chapter.RINGS, unit=Unit.SECONDS)

_OFFERED = tuple(ring(each) for each in RingResult if each in IN_RATE)
_CALLERS = tuple(caller(each) for each in CallerResult if each in IN_CALLER_RATE)
_EXEMPTED = ("ring_exempted_within", "ring_exempted_lost")

RING_METRICS: tuple[Metric, ...] = (
    _count(
        name="ring_offered",
        zh="应答考核振铃数",
        en="offerings in the three-ring rate",
        sentence=(
            "Offerings of a customer's or a campaign's call that the agent answered, let ring, declined, or rang until "
            "the caller gave up at or after the limit."
        ),
        formula="ring_within + ring_late + ring_no_answer + ring_declined + ring_caller_gave_up_late",
        of=_OFFERED,
    ),
    _count(
        name="ring_within",
        zh="三声内接听",
        en="answered within three rings",
        sentence="Offerings answered before the limit; with the Chinese cadence in less than 15.000 s.",
        formula="count where ring time < limit",
        of=(ring(RingResult.WITHIN),),
    ),
    _count(
        name="ring_late",
        zh="三声后接听",
        en="answered late",
        sentence="Offerings answered at the limit or after it.",
        formula="count where ring time ≥ limit",
        of=(ring(RingResult.LATE),),
    ),
    _count(
        name="ring_no_answer",
        zh="未接听",
        en="not answered",
        sentence="Offerings that rang out, even where the queue stopped ringing before the limit.",
        formula="count",
        of=(ring(RingResult.NO_ANSWER),),
    ),
    _count(
        name="ring_declined",
        zh="拒接",
        en="declined",
        sentence="Offerings refused after the device alerted.",
        formula="count",
        of=(ring(RingResult.DECLINED),),
    ),
    _count(
        name="ring_caller_gave_up_late",
        zh="超时后主叫放弃",
        en="caller gave up late",
        sentence="Offerings whose caller gave up at the limit or after it.",
        formula="count where ring time ≥ limit",
        of=(ring(RingResult.CALLER_GAVE_UP_LATE),),
    ),
    _count(
        name="ring_losses",
        zh="责任未接",
        en="ring losses",
        sentence="Offerings that were lost and could have been answered by the agent.",
        formula="ring_no_answer + ring_declined + ring_caller_gave_up_late",
        of=(
            ring(RingResult.NO_ANSWER),
            ring(RingResult.DECLINED),
            ring(RingResult.CALLER_GAVE_UP_LATE),
        ),
    ),
    _count(
        name="ring_caller_gave_up_early",
        zh="三声内主叫放弃",
        en="caller gave up early",
        sentence="Offerings whose caller gave up before the limit; outside the rate.",
        formula="count where ring time < limit",
        of=(ring(RingResult.CALLER_GAVE_UP_EARLY),),
    ),
    _count(
        name="ring_answered_elsewhere",
        zh="同事先接",
        en="answered elsewhere",
        sentence="Offerings that a colleague answered first; outside the rate.",
        formula="count",
        of=(ring(RingResult.ANSWERED_ELSEWHERE),),
    ),
    _count(
        name="ring_busy",
        zh="占线",
        en="busy",
        sentence="Offerings refused before the device alerted; outside the rate.",
        formula="count",
        of=(ring(RingResult.BUSY),),
    ),
    _count(
        name="ring_unreachable",
        zh="话机不可达",
        en="unreachable",
        sentence="Offerings to a device that could not be reached; outside the rate.",
        formula="count",
        of=(ring(RingResult.UNREACHABLE),),
    ),
    _count(
        name="ring_failed",
        zh="振铃失败",
        en="failed",
        sentence="Offerings that the PBX could not make; outside the rate.",
        formula="count",
        of=(ring(RingResult.FAILED),),
    ),
    _count(
        name="ring_open",
        zh="正在振铃",
        en="ringing",
        sentence="Offerings that were not decided at the as-of instant; outside the rate.",
        formula="count",
        of=(ring(RingResult.RINGING),),
    ),
    _rate(
        name="three_ring_rate",
        zh="三声接听率",
        en="three-ring rate (agent view)",
        sentence="The share of offerings that were answered before the fourth ring starts.",
        formula="ring_within ÷ ring_offered",
        of=(ring(RingResult.WITHIN),),
        over=_OFFERED,
    ),
    _count(
        name="ring_exempted",
        zh="豁免振铃数",
        en="exempted offerings",
        sentence="Offerings of the rate that two people agreed not to hold against anybody (phone fault, test, crank).",
        formula="count; part of ring_offered",
        of=_EXEMPTED,
    ),
    _rate(
        name="three_ring_rate_less_exempted",
        zh="三声接听率（扣除豁免）",
        en="three-ring rate without exempted offerings",
        sentence="The same share with the exempted offerings left out; shown beside the rate, never in its place.",
        formula="(ring_within − exempted of them) ÷ (ring_offered − ring_exempted)",
        of=(ring(RingResult.WITHIN), "-ring_exempted_within"),
        over=(*_OFFERED, *(f"-{each}" for each in _EXEMPTED)),
    ),
    _seconds(
        name="average_ring",
        zh="平均振铃时长",
        en="average ring time",
        sentence="Ring time of offerings that were answered.",
        formula="ring time of answered offerings ÷ their number",
        of=("ring_answered_ms",),
        over=(ring(RingResult.WITHIN), ring(RingResult.LATE)),
    ),
    _seconds(
        name="longest_ring",
        zh="最长振铃",
        en="longest ring time",
        sentence="The longest ring time of an offering that was answered.",
        formula="greatest ring time of answered offerings",
        of=("longest_ring_ms",),
    ),
    _count(
        name="callers_rung",
        zh="振铃主叫数",
        en="callers for whom a phone rang",
        sentence="Inbound calls for which at least one phone alerted and whose fate is decided.",
        formula="caller_within + caller_late + caller_gave_up_early + caller_not_answered",
        of=_CALLERS,
    ),
    _count(
        name="caller_within",
        zh="主叫三声内接通",
        en="callers answered within three rings",
        sentence="Inbound calls bridged with a human before the limit, counted from the first alert of any phone.",
        formula="count where first human bridge − first alert < limit",
        of=(caller(CallerResult.WITHIN),),
    ),
    _count(
        name="caller_late",
        zh="主叫三声后接通",
        en="callers answered late",
        sentence="Inbound calls bridged with a human at the limit or after it.",
        formula="count where first human bridge − first alert ≥ limit",
        of=(caller(CallerResult.LATE),),
    ),
    _count(
        name="caller_gave_up_early",
        zh="主叫三声内放弃",
        en="callers who gave up early",
        sentence="Inbound calls that ended before the limit without a human; in the caller's rate, and shown apart.",
        formula="count",
        of=(caller(CallerResult.GAVE_UP_EARLY),),
    ),
    _count(
        name="caller_not_answered",
        zh="主叫未接通",
        en="callers not answered",
        sentence="Inbound calls that rang up to the limit or longer and reached no human.",
        formula="count",
        of=(caller(CallerResult.NOT_ANSWERED),),
    ),
    _count(
        name="caller_never_rang",
        zh="从未振铃",
        en="callers who never rang",
        sentence="Inbound calls for which no phone alerted; outside the caller's rate.",
        formula="count",
        of=(caller(CallerResult.NEVER_RANG),),
    ),
    _rate(
        name="caller_three_ring_rate",
        zh="主叫三声接通率",
        en="three-ring rate (caller view)",
        sentence="The share of callers for whom a phone rang that reached a human before the limit.",
        formula="caller_within ÷ callers_rung",
        of=(caller(CallerResult.WITHIN),),
        over=_CALLERS,
    ),
)
"""In the order of the document."""
