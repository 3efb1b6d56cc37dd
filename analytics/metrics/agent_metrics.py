"""Metrics of agents' calls and of their day: handled, transferred, logged in, paused, free."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit

_count = partial(Metric, chapter=Chapter.AGENTS, unit=Unit.COUNT)
_seconds = partial(Metric, chapter=Chapter.AGENTS, unit=Unit.SECONDS)
_minutes = partial(Metric, chapter=Chapter.AGENTS, unit=Unit.MINUTES)
_rate = partial(Metric, chapter=Chapter.AGENTS, unit=Unit.RATE)

_BUSY = ("talk_ms", "hold_ms", "wrap_up_ms")

AGENT_METRICS: tuple[Metric, ...] = (
    _count(
        name="calls_handled",
        zh="接待通数",
        en="calls handled",
        sentence=(
            "Calls that began in the period and in which the agent talked with the customer; each once for each agent, "
            "in the queue where he talked first."
        ),
        formula="count of agents' parts of calls",
        of=("parts",),
    ),
    _count(
        name="calls_handled_inbound",
        zh="呼入接待通数",
        en="inbound calls handled",
        sentence="Calls handled that came from outside.",
        formula="count of agents' parts of inbound calls",
        of=("parts_inbound",),
    ),
    _count(
        name="calls_handled_outbound",
        zh="呼出接待通数",
        en="outbound calls handled",
        sentence="Calls handled that went to outside.",
        formula="count of agents' parts of outbound calls",
        of=("parts_outbound",),
    ),
    _count(
        name="calls_handled_short",
        zh="短通话",
        en="short calls handled",
        sentence="Calls handled in which the agent's talk was under limits.short_talk.",
        formula="count; part of calls_handled",
        of=("parts_short",),
    ),
    _count(
        name="calls_handled_silent",
        zh="无声电话",
        en="silent calls handled",
        sentence="Calls handled in which the customer was not heard, as the audio or the agent says.",
        formula="count; part of calls_handled",
        of=("parts_silent",),
    ),
    _seconds(
        name="average_talk",
        zh="平均通话时长",
        en="average talk time",
        sentence="Exact talk time for each call handled that was neither short nor silent.",
        formula="talk of those calls ÷ their number",
        of=("long_talk_ms",),
        over=("long_parts",),
    ),
    _seconds(
        name="average_hold",
        zh="平均保持时长",
        en="average hold time",
        sentence="Hold time for each call handled that was neither short nor silent.",
        formula="hold of those calls ÷ their number",
        of=("long_hold_ms",),
        over=("long_parts",),
    ),
    _seconds(
        name="average_wrap_up",
        zh="平均话后处理时长",
        en="average wrap-up time",
        sentence="Wrap-up time for each call handled that was neither short nor silent.",
        formula="wrap-up ÷ number of those calls",
        of=("wrap_up_ms",),
        over=("long_parts",),
    ),
    _seconds(
        name="average_handle_time",
        zh="平均处理时长",
        en="average handle time",
        sentence="Talk, hold and wrap-up for each call handled that was neither short nor silent.",
        formula="(talk + hold of those calls + wrap-up) ÷ their number",
        of=("long_talk_ms", "long_hold_ms", "wrap_up_ms"),
        over=("long_parts",),
    ),
    _count(
        name="own_handled",
        zh="本人三分钟考核通数",
        en="own parts in the three-minute rate",
        sentence="The agent's own parts of calls that are over and neither short nor silent.",
        formula="own_handled_within + those over the limit",
        of=("own_within", "own_over"),
    ),
    _count(
        name="own_handled_within",
        zh="本人三分钟内办结",
        en="own parts handled within three minutes",
        sentence="Own parts, hold included, of at most 180.000 s.",
        formula="count where time ≤ limits.handled_within",
        of=("own_within",),
    ),
    _rate(
        name="own_handled_rate",
        zh="本人三分钟办结率",
        en="own three-minute rate",
        sentence="The share of the agent's own parts that were handled within three minutes.",
        formula="own_handled_within ÷ own_handled",
        of=("own_within",),
        over=("own_within", "own_over"),
    ),
    _count(
        name="transfers",
        zh="转接数",
        en="transfers",
        sentence="Calls that the agent handed on: blind, attended, redirected, forwarded or parked.",
        formula="count of completed hand-overs",
        of=("transfers_made",),
    ),
    _count(
        name="transfers_failed",
        zh="转接失败",
        en="failed transfers",
        sentence="Hand-overs that the agent began and that did not come about.",
        formula="count",
        of=("transfers_failed",),
    ),
    _rate(
        name="transfer_rate",
        zh="转接率",
        en="transfer rate",
        sentence="Hand-overs for each call handled; transfers without need are unwelcome.",
        formula="transfers ÷ calls_handled",
        of=("transfers_made",),
        over=("parts",),
    ),
    _minutes(
        name="login_minutes",
        zh="登录分钟",
        en="minutes logged in",
        sentence="Time in which the agent was in at least one queue.",
        formula="union of the state logged_in over queues",
        of=("login_ms",),
    ),
    _minutes(
        name="pause_minutes",
        zh="暂停分钟",
        en="minutes paused",
        sentence="Time in which the agent was logged in and paused in each of his queues.",
        formula="logged in less the union over queues of logged in and not paused",
        of=("pause_ms",),
    ),
    _minutes(
        name="pause_reason_minutes",
        zh="按原因暂停分钟",
        en="minutes paused, by reason",
        sentence="Time in which any queue was paused for a reason.",
        formula="union over queues of the state paused with that reason",
        of=("pause_reason_ms",),
    ),
    _count(
        name="pauses",
        zh="暂停次数",
        en="pauses",
        sentence="Pauses that began in the period, by reason.",
        formula="count",
        of=("pauses",),
    ),
    _minutes(
        name="available_minutes",
        zh="空闲分钟",
        en="minutes available",
        sentence="Time in which the agent was ready in a queue and neither rang, talked nor wrapped up.",
        formula="logged in and not paused, less ringing, talking and wrap_up",
        of=("available_ms",),
    ),
    _rate(
        name="availability",
        zh="在席可用率",
        en="availability",
        sentence="The share of the time logged in that was not paused.",
        formula="(login_minutes − pause_minutes) ÷ login_minutes",
        of=("login_ms", "-pause_ms"),
        over=("login_ms",),
    ),
    _rate(
        name="occupancy",
        zh="占用率",
        en="occupancy",
        sentence="The share of the time at work or free for it that was spent on customers.",
        formula="(talk + hold + wrap-up) ÷ (talk + hold + wrap-up + available)",
        of=_BUSY,
        over=(*_BUSY, "available_ms"),
    ),
    _minutes(
        name="scheduled_minutes",
        zh="排班分钟",
        en="scheduled minutes",
        sentence="Time for which the agent's shifts have him at work, leave taken off.",
        formula="sum of shifts less leave",
        of=("scheduled_ms",),
    ),
    _rate(
        name="utilisation",
        zh="利用率",
        en="utilisation",
        sentence="The time logged in for each minute of the agent's shifts.",
        formula="login_minutes ÷ scheduled_minutes",
        of=("login_ms",),
        over=("scheduled_ms",),
    ),
)
"""In the order of the document."""
