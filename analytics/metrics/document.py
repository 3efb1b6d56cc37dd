"""docs/metrics.md, made of the list of metrics so that it cannot say anything else.

Write it anew with `python -m analytics.metrics.document > docs/metrics.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Family, Metric, Unit

_TITLES = {
    Family.MINUTES: "Minutes 分钟",
    Family.RINGS: "Three rings, the agent's view 三声接听（坐席）",
    Family.HANDLING: "Handled within three minutes 三分钟办结",
    Family.CALLS: "Calls, and three rings in the caller's view 通话与主叫三声接通",
    Family.WAITS: "Queues 排队",
}

_HEAD = """# Metrics

This page is made of the list in `analytics/metrics/catalogue.py`; a test compares them. The wallboard, the
reports, the spreadsheets and the API take their figures from that list, so one number has one definition.

For every figure holds:

- Instants are compared in microseconds; durations are cut to whole milliseconds and summed so. A value is
  rounded once, when it is shown.
- An interval that crosses the edge of a period is cut there. A count belongs to the period in which its call
  or offering began. Periods are half-open and begin and end by the clocks of the centre's zone.
- An interval that is still open is counted up to the *as-of* instant that the result names.
- A rate or an average over nothing is empty (`null`), never 0 or 100 %.
- The policy, the device mapping, group and tier are those in force when the call or offering began.
- Calls of numbers that the policy lists as test or nuisance are in no figure.
- The three-ring rate counts offerings of customers' and campaigns' calls (queue, direct, transfer, pickup). It
  does not count the agent's own leg of a click-to-call, internal calls and consultations.
"""


def metrics_document() -> str:
    """The page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD.rstrip()
    for family, title in _TITLES.items():
        yield f"\n## {title}\n"
        groups = ", ".join(sorted(family.groups - {"none"}))
        yield f"Grouped by: {groups}.\n"
        yield "| metric | 中文 | meaning | formula | unit | over nothing |"
        yield "|---|---|---|---|---|---|"
        for metric in METRICS.values():
            if metric.family is family:
                yield _row(metric)


def _row(metric: Metric) -> str:
    empty = "null" if metric.empty is None else str(metric.empty)
    meaning = f"**{metric.en}**: {metric.sentence}"
    unit = "ratio" if metric.unit is Unit.RATE else metric.unit.value
    return f"| `{metric.name}` | {metric.zh} | {meaning} | {metric.formula} | {unit} | {empty} |"


if __name__ == "__main__":
    sys.stdout.write(metrics_document())
