"""Metrics of queues: waits, how they ended, and the service level by each published formula."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit
from config.policies import ServiceLevelFormula

_count = partial(Metric, chapter=Chapter.QUEUES, unit=Unit.COUNT)
_rate = partial(Metric, chapter=Chapter.QUEUES, unit=Unit.RATE)
_seconds = partial(Metric, chapter=Chapter.QUEUES, unit=Unit.SECONDS)

_ANSWERED, _ABANDONED = "visits_answered", "visits_abandoned"
_LONG = (_ABANDONED, "-abandoned_short")

_LEVELS: dict[ServiceLevelFormula, tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = {
    ServiceLevelFormula.ANSWERED_LESS_SHORT: (
        "服务水平（扣除短放弃）",
        "less short abandons",
        "answered ≤ N ÷ (answered + abandoned − short abandoned)",
        ("answered_within",),
        (_ANSWERED, *_LONG),
    ),
    ServiceLevelFormula.ICMI_1: (
        "服务水平 ICMI 1",
        "ICMI 1",
        "(answered ≤ N + abandoned ≤ N) ÷ (answered + abandoned)",
        ("answered_within", "abandoned_within"),
        (_ANSWERED, _ABANDONED),
    ),
    ServiceLevelFormula.ICMI_2: (
        "服务水平 ICMI 2",
        "ICMI 2",
        "answered ≤ N ÷ answered",
        ("answered_within",),
        (_ANSWERED,),
    ),
    ServiceLevelFormula.ICMI_3: (
        "服务水平 ICMI 3",
        "ICMI 3",
        "answered ≤ N ÷ (answered + abandoned)",
        ("answered_within",),
        (_ANSWERED, _ABANDONED),
    ),
    ServiceLevelFormula.ICMI_4: (
        "服务水平 ICMI 4",
        "ICMI 4",
        "answered ≤ N ÷ (answered + abandoned > N)",
        ("answered_within",),
        (_ANSWERED, _ABANDONED, "-abandoned_within"),
    ),
    ServiceLevelFormula.ICMI_5: (
        "服务水平 ICMI 5",
        "ICMI 5",
        "(answered ≤ N + short abandoned) ÷ (answered + abandoned)",
        ("answered_within", "abandoned_short"),
        (_ANSWERED, _ABANDONED),
    ),
    ServiceLevelFormula.ASTERISK_SL: (
        "服务水平 Asterisk SL",
        "Asterisk SL",
        "answered ≤ N ÷ answered",
        ("answered_within",),
        (_ANSWERED,),
    ),
    ServiceLevelFormula.ASTERISK_SL2: (
        "服务水平 Asterisk SL2",
        "Asterisk SL2",
        "(answered ≤ N + abandoned ≤ N) ÷ (answered + abandoned)",
        ("answered_within", "abandoned_within"),
        (_ANSWERED, _ABANDONED),
    ),
}
"""For each formula its names, what it says, and the measures above and below the line."""


def level_metric(formula: ServiceLevelFormula) -> Metric:
    """The service level by a formula: `service_level_icmi_1` …"""
    zh, en, said, of, over = _LEVELS[formula]
    return _rate(
        name=f"service_level_{formula.value}",
        zh=zh,
        en=f"service level, {en}",
        sentence=f"The service level as {en} has it; N is service_level.seconds, inclusive.",
        formula=said,
        of=of,
        over=over,
    )


def chosen_level(formula: ServiceLevelFormula) -> Metric:
    """`service_level` by the formula that the policy or the question names."""
    _, _, _, of, over = _LEVELS[formula]
    return _rate(
        name="service_level",
        zh="服务水平",
        en="service level",
        sentence=(
            "The share of stays answered within N seconds, by the formula that the policy names; the result names "
            "it too."
        ),
        formula="answered ≤ N ÷ (answered + abandoned − short), or as service_level.formula says",
        of=of,
        over=over,
    )


WAIT_METRICS: tuple[Metric, ...] = (
    _count(
        name="visits",
        zh="排队数",
        en="queue visits",
        sentence="Callers' stays in queues that began in the period: what was offered to a queue.",
        formula="count",
        of=("visits",),
    ),
    _count(
        name="visits_open",
        zh="排队中",
        en="waiting",
        sentence="Stays that went on at the as-of instant.",
        formula="count",
        of=("visits_open",),
    ),
    _count(
        name="visits_answered",
        zh="排队接通",
        en="visits answered",
        sentence="Stays that ended with an agent.",
        formula="count",
        of=(_ANSWERED,),
    ),
    _count(
        name="visits_answered_within",
        zh="N 秒内接通",
        en="visits answered within N seconds",
        sentence="Stays that ended with an agent after at most service_level.seconds.",
        formula="count where wait ≤ N",
        of=("answered_within",),
    ),
    _count(
        name="visits_abandoned",
        zh="排队放弃",
        en="visits abandoned",
        sentence="Stays that the caller ended.",
        formula="count",
        of=(_ABANDONED,),
    ),
    _count(
        name="visits_abandoned_short",
        zh="短放弃",
        en="short abandons",
        sentence="Stays that the caller ended in less than limits.short_abandon.",
        formula="count; part of visits_abandoned",
        of=("abandoned_short",),
    ),
    _count(
        name="visits_overflowed",
        zh="溢出",
        en="visits overflowed",
        sentence="Stays that the queue passed on: time-out, key, nobody left, taken out. Counted in the queue left.",
        formula="count of visits that ended by timeout, exit_key, exit_empty or removed",
        of=("visits_timeout", "visits_exit_key", "visits_exit_empty", "visits_removed"),
    ),
    _count(
        name="visits_timeout",
        zh="排队超时",
        en="visits timed out",
        sentence="Stays that ended by the queue's time-out.",
        formula="count",
        of=("visits_timeout",),
    ),
    _count(
        name="visits_refused",
        zh="排队被拒",
        en="visits refused",
        sentence="Callers whom a queue did not take: full, or nobody there.",
        formula="count of visits that ended full or join_empty",
        of=("visits_full", "visits_join_empty"),
    ),
    _seconds(
        name="average_wait",
        zh="平均应答速度",
        en="average speed of answer",
        sentence="Mean wait from joining the queue to the agent, over answered stays.",
        formula="sum of wait of answered stays ÷ visits_answered",
        of=("answered_wait_ms",),
        over=(_ANSWERED,),
    ),
    _seconds(
        name="average_abandon_wait",
        zh="平均放弃等待",
        en="average wait of those who gave up",
        sentence="Mean wait of stays that the caller ended.",
        formula="sum of wait of abandoned stays ÷ visits_abandoned",
        of=("abandoned_wait_ms",),
        over=(_ABANDONED,),
    ),
    _seconds(
        name="longest_wait",
        zh="最长等待",
        en="longest wait",
        sentence="The longest stay that is over, however it ended.",
        formula="greatest wait",
        of=("longest_wait_ms",),
    ),
    _rate(
        name="abandonment_rate",
        zh="放弃率",
        en="abandonment rate",
        sentence="The share of stays that the caller ended, short ones (under limits.short_abandon) left out.",
        formula="(visits_abandoned − short) ÷ (visits_answered + visits_abandoned − short)",
        of=_LONG,
        over=(_ANSWERED, *_LONG),
    ),
    chosen_level(ServiceLevelFormula.ANSWERED_LESS_SHORT),
    *(level_metric(formula) for formula in ServiceLevelFormula),
)
"""In the order of the document."""
