"""The closed list of metrics: every figure of the house, defined once.

The wallboard, the reports, the spreadsheets and the API all take their figures from here. docs/metrics.md is
made of this list (`analytics.metrics.document`) and tested against it.
"""

from __future__ import annotations

from analytics.metrics.agent_metrics import AGENT_METRICS
from analytics.metrics.call_metrics import CALL_METRICS, COMPLETENESS_METRICS, CUSTOMER_METRICS
from analytics.metrics.definitions import Metric
from analytics.metrics.minute_metrics import MINUTE_METRICS
from analytics.metrics.ring_metrics import RING_METRICS
from analytics.metrics.sound_metrics import SOUND_METRICS
from analytics.metrics.wait_metrics import WAIT_METRICS

METRICS: dict[str, Metric] = {
    each.name: each
    for each in (
        *CALL_METRICS,
        *WAIT_METRICS,
        *RING_METRICS,
        *MINUTE_METRICS,
        *AGENT_METRICS,
        *CUSTOMER_METRICS,
        *SOUND_METRICS,
        *COMPLETENESS_METRICS,
    )
}
"""By name, in the order of the document."""

DISTRIBUTIONS: dict[str, tuple[str, str, str]] = {
    "wait_spread": ("接通等待分布", "waits of answered visits", "seconds"),
    "abandoned_spread": ("放弃曲线", "waits of abandoned visits: the abandon curve", "seconds"),
    "ring_spread": ("应答振铃分布", "ring times of answered offerings", "tenths of a second"),
    "ring_gave_up_spread": ("放弃振铃分布", "ring times of offerings whose caller gave up", "tenths of a second"),
    "caller_spread": (
        "主叫接通分布",
        "first alert to first human, of callers who reached one",
        "tenths of a second",
    ),
    "caller_lost_spread": (
        "主叫未接分布",
        "first alert to the end, of callers who reached none",
        "tenths of a second",
    ),
    "talk_spread": ("通话时长分布", "talk of agents' parts of calls", "seconds"),
}
"""The exact histograms: names in Chinese and English, and what a bucket is wide."""
