"""The definitions that a figure opens to: the entries of the registry, in the reader's language. Pure."""

from __future__ import annotations

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Unit
from service.dashboard.catalogues import marked
from service.dashboard.numerals import DASH
from service.dashboard.periods import Definition
from service.dashboard.words import Words

_UNITS = {
    Unit.COUNT: marked("a count"),
    Unit.MINUTES: marked("minutes, kept in milliseconds"),
    Unit.SECONDS: marked("seconds, kept in milliseconds"),
    Unit.RATE: marked("%, kept as an exact ratio"),
    Unit.PER_MINUTE: marked("characters a minute, kept as an exact ratio"),
    Unit.MEAN: marked("in each, kept as an exact ratio"),
}


def define(name: str, words: Words) -> Definition:
    """The registry's entry of a metric in `catalogues.SHOWN`; KeyError where there is none."""
    metric = METRICS[name]
    title = metric.zh if words.chinese else metric.en[:1].upper() + metric.en[1:]
    return Definition(
        name=metric.name,
        title=title,
        sentence=words.gettext(metric.sentence),
        formula=metric.formula,
        unit=words.gettext(_UNITS[metric.unit]),
        empty=DASH if metric.empty is None else str(metric.empty),
    )
