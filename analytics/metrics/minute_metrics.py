"""Metrics of minutes: what agents are paid and measured by."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit

_minutes = partial(Metric, chapter=Chapter.MINUTES, unit=Unit.MINUTES)

MINUTE_METRICS: tuple[Metric, ...] = (
    _minutes(
        name="talk_minutes",
        zh="电话分钟",
        en="phone minutes",
        sentence=(
            "Time in which the agent and the customer hear each other, by the policy's minute rule: hold is cut out "
            "and only what the rule names is added."
        ),
        formula=(
            "sum of talk (kinds customer and conference) less hold, plus what minutes.counts adds; an agent's part "
            "of a call is rounded as minutes.rounding says"
        ),
        of=("counted_ms",),
    ),
    _minutes(
        name="talk_inbound_minutes",
        zh="呼入电话分钟",
        en="phone minutes of inbound calls",
        sentence="Phone minutes of calls from outside.",
        formula="talk_minutes of inbound calls, without wrap-up",
        of=("counted_inbound_ms",),
    ),
    _minutes(
        name="talk_outbound_minutes",
        zh="呼出电话分钟",
        en="phone minutes of outbound calls",
        sentence="Phone minutes of calls to outside.",
        formula="talk_minutes of outbound calls, without wrap-up",
        of=("counted_outbound_ms",),
    ),
    _minutes(
        name="exact_talk_minutes",
        zh="实际通话分钟",
        en="talk minutes, not rounded",
        sentence="The same time with hold cut out, nothing added and no call rounded.",
        formula="sum of talk (kinds customer and conference) less hold",
        of=("talk_ms",),
    ),
    _minutes(
        name="talk_and_hold_minutes",
        zh="通话含保持分钟",
        en="talk minutes with hold",
        sentence="Talk with customers, and the time in which they were on hold within it.",
        formula="exact_talk_minutes + hold_minutes",
        of=("talk_ms", "hold_ms"),
    ),
    _minutes(
        name="handle_minutes",
        zh="处理分钟",
        en="handle minutes",
        sentence="Talk with customers, hold and wrap-up.",
        formula="exact_talk_minutes + hold_minutes + wrap_up_minutes",
        of=("talk_ms", "hold_ms", "wrap_up_ms"),
    ),
    _minutes(
        name="hold_minutes",
        zh="保持分钟",
        en="hold minutes",
        sentence="Time in which the customer was on hold within an agent's talk.",
        formula="sum of hold in talks of kinds customer and conference",
        of=("hold_ms",),
    ),
    _minutes(
        name="conference_minutes",
        zh="会议分钟",
        en="conference minutes",
        sentence="Talk with a customer in which a colleague took part: each agent has his full time.",
        formula="sum of talk of kind conference less hold; part of exact_talk_minutes",
        of=("conference_ms",),
    ),
    _minutes(
        name="consult_minutes",
        zh="咨询同事分钟",
        en="consultation minutes",
        sentence="Time in which an agent talked with a colleague about a customer who waited.",
        formula="sum of talk of kind consult less hold",
        of=("consult_ms",),
    ),
    _minutes(
        name="internal_minutes",
        zh="内部通话分钟",
        en="internal minutes",
        sentence="Time in which colleagues talked with each other.",
        formula="sum of talk of kind internal less hold",
        of=("internal_ms",),
    ),
    _minutes(
        name="monitor_minutes",
        zh="监听分钟",
        en="listening minutes",
        sentence="Time in which somebody listened in to a call: nobody's phone minutes.",
        formula="sum of talk of kind monitor",
        of=("monitor_ms",),
    ),
    _minutes(
        name="wrap_up_minutes",
        zh="话后处理分钟",
        en="wrap-up minutes",
        sentence="Time after a call in which the agent was not offered the next one.",
        formula="sum of the state wrap_up",
        of=("wrap_up_ms",),
    ),
)
"""In the order of the document."""
