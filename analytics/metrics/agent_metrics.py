"""Metrics of agents: minutes, three rings, calls handled within three minutes."""

from __future__ import annotations

from analytics.metrics.definitions import Family, Metric, Unit, ratio
from analytics.metrics.formulas import Handled
from analytics.metrics.rings import RingResult

AGENT_METRICS: tuple[Metric, ...] = (
    Metric(
        name="talk_minutes",
        zh="电话分钟",
        en="phone minutes",
        sentence=(
            "Time in which the agent and the customer hear each other, by the policy's minute rule: "
            "hold is cut out and only what the rule names is added."
        ),
        formula=(
            "sum of talk (kinds customer and conference) less hold, plus what minutes.counts adds; "
            "rounded per call as minutes.rounding says"
        ),
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.counted_ms,
    ),
    Metric(
        name="exact_talk_minutes",
        zh="实际通话分钟",
        en="talk minutes, not rounded",
        sentence="The same time with hold cut out, nothing added and no call rounded.",
        formula="sum of talk (kinds customer and conference) less hold",
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.talk_ms,
    ),
    Metric(
        name="hold_minutes",
        zh="保持分钟",
        en="hold minutes",
        sentence="Time in which the customer was on hold within an agent's talk.",
        formula="sum of hold in talks of kinds customer and conference",
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.hold_ms,
    ),
    Metric(
        name="consult_minutes",
        zh="咨询同事分钟",
        en="consultation minutes",
        sentence="Time in which an agent talked with a colleague about a customer who waited.",
        formula="sum of talk of kind consult less hold",
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.consult_ms,
    ),
    Metric(
        name="internal_minutes",
        zh="内部通话分钟",
        en="internal minutes",
        sentence="Time in which colleagues talked with each other.",
        formula="sum of talk of kind internal less hold",
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.internal_ms,
    ),
    Metric(
        name="wrap_up_minutes",
        zh="话后处理分钟",
        en="wrap-up minutes",
        sentence="Time after a call in which the agent was not offered the next one.",
        formula="sum of the state wrap_up",
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.wrap_up_ms,
    ),
    Metric(
        name="calls_handled",
        zh="接待通数",
        en="calls handled",
        sentence=(
            "Calls that began in the period and in which the agent talked with the customer; each "
            "once for each agent."
        ),
        formula="count of distinct calls",
        unit=Unit.COUNT,
        family=Family.MINUTES,
        value=lambda tally: tally.minutes.calls_handled,
    ),
    Metric(
        name="average_talk",
        zh="平均通话时长",
        en="average talk time",
        sentence="Exact talk time of an agent for each call handled.",
        formula="exact_talk_minutes ÷ calls_handled",
        unit=Unit.SECONDS,
        family=Family.MINUTES,
        value=lambda tally: ratio(tally.minutes.talk_ms, tally.minutes.calls_handled),
    ),
    Metric(
        name="ring_offered",
        zh="应答考核振铃数",
        en="offerings in the three-ring rate",
        sentence=(
            "Offerings of a customer's or a campaign's call that the agent answered, let ring, "
            "declined, or rang until the caller gave up at or after the limit."
        ),
        formula="ring_within + ring_late + ring_no_answer + ring_declined + ring_caller_gave_up_late",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.offered,
    ),
    Metric(
        name="ring_within",
        zh="三声内接听",
        en="answered within three rings",
        sentence="Offerings answered before the limit; with the Chinese cadence in less than 15.000 s.",
        formula="count where ring time < limit",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.WITHIN],
    ),
    Metric(
        name="ring_late",
        zh="三声后接听",
        en="answered late",
        sentence="Offerings answered at the limit or after it.",
        formula="count where ring time ≥ limit",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.LATE],
    ),
    Metric(
        name="ring_no_answer",
        zh="未接听",
        en="not answered",
        sentence="Offerings that rang out, even where the queue stopped ringing before the limit.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.NO_ANSWER],
    ),
    Metric(
        name="ring_declined",
        zh="拒接",
        en="declined",
        sentence="Offerings refused after the device alerted.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.DECLINED],
    ),
    Metric(
        name="ring_caller_gave_up_late",
        zh="超时后主叫放弃",
        en="caller gave up late",
        sentence="Offerings whose caller gave up at the limit or after it.",
        formula="count where ring time ≥ limit",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.CALLER_GAVE_UP_LATE],
    ),
    Metric(
        name="ring_caller_gave_up_early",
        zh="三声内主叫放弃",
        en="caller gave up early",
        sentence="Offerings whose caller gave up before the limit; outside the rate.",
        formula="count where ring time < limit",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.CALLER_GAVE_UP_EARLY],
    ),
    Metric(
        name="ring_answered_elsewhere",
        zh="同事先接",
        en="answered elsewhere",
        sentence="Offerings that a colleague answered first; outside the rate.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.ANSWERED_ELSEWHERE],
    ),
    Metric(
        name="ring_busy",
        zh="占线",
        en="busy",
        sentence="Offerings refused before the device alerted; outside the rate.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.BUSY],
    ),
    Metric(
        name="ring_unreachable",
        zh="话机不可达",
        en="unreachable",
        sentence="Offerings to a device that could not be reached; outside the rate.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.UNREACHABLE],
    ),
    Metric(
        name="ring_failed",
        zh="振铃失败",
        en="failed",
        sentence="Offerings that the PBX could not make; outside the rate.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.FAILED],
    ),
    Metric(
        name="ring_open",
        zh="正在振铃",
        en="ringing",
        sentence="Offerings that were not decided at the as-of instant; outside the rate.",
        formula="count",
        unit=Unit.COUNT,
        family=Family.RINGS,
        value=lambda tally: tally.rings[RingResult.RINGING],
    ),
    Metric(
        name="three_ring_rate",
        zh="三声接听率",
        en="three-ring rate (agent view)",
        sentence="The share of offerings that were answered before the fourth ring starts.",
        formula="ring_within ÷ ring_offered",
        unit=Unit.RATE,
        family=Family.RINGS,
        value=lambda tally: ratio(tally.rings[RingResult.WITHIN], tally.offered),
    ),
    Metric(
        name="handled",
        zh="三分钟考核通数",
        en="calls in the three-minute rate",
        sentence="Calls answered by a human that are over, and not short; for an agent his own parts.",
        formula="handled_within + those over the limit",
        unit=Unit.COUNT,
        family=Family.HANDLING,
        value=lambda tally: tally.handled_decided,
    ),
    Metric(
        name="handled_within",
        zh="三分钟内办结",
        en="handled within three minutes",
        sentence=(
            "Calls whose time from the first human answer to the customer's end, hold included, is at"
            " most 180.000 s; for an agent his own part."
        ),
        formula="count where time ≤ limits.handled_within",
        unit=Unit.COUNT,
        family=Family.HANDLING,
        value=lambda tally: tally.handled[Handled.WITHIN],
    ),
    Metric(
        name="handled_rate",
        zh="三分钟办结率",
        en="three-minute rate",
        sentence=(
            "The share of answered calls that were handled within three minutes; short calls (talk "
            "under limits.short_talk) are left out."
        ),
        formula="handled_within ÷ handled",
        unit=Unit.RATE,
        family=Family.HANDLING,
        value=lambda tally: ratio(tally.handled[Handled.WITHIN], tally.handled_decided),
    ),
)
"""In the order of the document."""
