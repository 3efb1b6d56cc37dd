"""The closed list of metrics: every figure of the house, defined once.

The wallboard, the reports, the spreadsheets and the API all take their figures from here. docs/metrics.md is
made of this list (`analytics.metrics.document`) and tested against it.
"""

from __future__ import annotations

from analytics.metrics.agent_metrics import AGENT_METRICS
from analytics.metrics.call_metrics import CALL_METRICS
from analytics.metrics.definitions import Metric

METRICS: dict[str, Metric] = {each.name: each for each in (*AGENT_METRICS, *CALL_METRICS)}
"""By name, in the order of the document."""
