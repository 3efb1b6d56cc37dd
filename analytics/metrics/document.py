"""docs/metrics.md, made of the list of metrics so that it cannot say anything else.

Write it anew with `python -m analytics.metrics.document > docs/metrics.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from analytics.metrics.catalogue import DISTRIBUTIONS, METRICS
from analytics.metrics.definitions import Chapter, Metric, Unit

_TITLES = {
    Chapter.ANSWERING: "Answering 接通",
    Chapter.QUEUES: "Queues 排队",
    Chapter.RINGS: "Three rings 三声接听",
    Chapter.MINUTES: "Minutes 分钟",
    Chapter.AGENTS: "Agents 坐席",
    Chapter.CUSTOMERS: "Customers 客户",
    Chapter.RECORDINGS: "Recordings 录音",
    Chapter.COMPLETENESS: "Completeness 完整性",
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
- However a period is split (days, months, any instants) and whatever figures are told apart by, the parts add up to
  the whole: an interval counts in a part by what it has reached at the part's end less what it had reached at its
  beginning, and an agent's part of a call that is rounded is rounded as a whole.
- A rate or an average over nothing is empty (`null`), never 0 or 100 %.
- The policy, the device mapping, group and tier are those in force when the call or offering began.
- Calls of numbers that the policy lists as test or nuisance are in no figure.
- What is known of recordings counts where the agent's part of the call does, and from the moment that it is known:
  a day is summed anew when its files are found, listened to, lost or destroyed. A speech rate is an estimate and its
  error is a metric beside it; what one channel does not tell is not measurable and counts nowhere, never as 0.
- The three-ring rate counts offerings of customers' and campaigns' calls (queue, direct, transfer, pickup). It
  does not count the agent's own leg of a click-to-call, internal calls and consultations.
"""


def metrics_document() -> str:
    """The page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD.rstrip()
    for chapter, title in _TITLES.items():
        yield f"\n## {title}\n"
        yield "| metric | 中文 | meaning | formula | unit | over nothing | told apart by |"
        yield "|---|---|---|---|---|---|---|"
        for metric in METRICS.values():
            if metric.chapter is chapter:
                yield _row(metric)
    yield "\n## Distributions 分布\n"
    yield "Exact histograms. Bucket k of waits and talks holds (k − 1, k] seconds; of rings [k − 1, k) tenths of a"
    yield "second, since a ring of exactly the limit is late. So any whole threshold can be asked for afterwards.\n"
    yield "| name | 中文 | of | bucket |"
    yield "|---|---|---|---|"
    for name, (zh, en, width) in DISTRIBUTIONS.items():
        yield f"| `{name}` | {zh} | {en} | {width} |"


def _row(metric: Metric) -> str:
    empty = "null" if metric.empty is None else str(metric.empty)
    meaning = f"**{metric.en}**: {metric.sentence}"
    unit = "ratio" if metric.unit is Unit.RATE else metric.unit.value
    groups = ", ".join(sorted(metric.groups))
    return f"| `{metric.name}` | {metric.zh} | {meaning} | {metric.formula} | {unit} | {empty} | {groups} |"


if __name__ == "__main__":
    sys.stdout.write(metrics_document())
