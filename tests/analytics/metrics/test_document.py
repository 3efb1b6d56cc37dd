"""docs/metrics.md says what the list of metrics says."""

from __future__ import annotations

from pathlib import Path

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Unit
from analytics.metrics.document import metrics_document

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_the_page_is_the_one_that_the_list_makes() -> None:
    """Write it anew with `python -m analytics.metrics.document > docs/metrics.md`."""
    assert PAGE.read_text(encoding="utf-8") == metrics_document()


def test_every_metric_is_told_in_both_languages_with_sentence_and_formula() -> None:
    """A figure without a definition is none."""
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.zh.strip()
        assert metric.en.strip()
        assert metric.sentence.endswith(".")
        assert metric.formula.strip()


def test_only_rates_and_averages_are_null_over_nothing() -> None:
    """What is counted or summed is 0."""
    for metric in METRICS.values():
        assert (metric.empty is None) == (metric.unit not in (Unit.COUNT, Unit.MINUTES))
