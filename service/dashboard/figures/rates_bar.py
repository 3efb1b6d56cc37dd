"""The talks by their speech rate as one bar: below the policy's band, within, above, undecided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from analytics.metrics.definitions import Value
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.words import Words

PARTS = {
    "speech_rate_below": (marked("below"), "h-warn"),
    "speech_rate_in_band": (marked("within the band"), "f-good"),
    "speech_rate_above": (marked("above"), "f-warn"),
    "speech_rate_undecided": (marked("undecided"), "h-mute"),
}
"""From slow to fast, and what is not decided; each with its word, and a colour or a hatching of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePart:
    """One stretch of the bar; `fill` is a class of colour (f-…) or a pattern (h-…)."""

    x: str
    width: str
    text: str
    fill: str

    @property
    def hatched(self) -> bool:
        """Whether it is a pattern."""
        return self.fill.startswith("h-")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesBar:
    """The bar; no parts where no talk was judged."""

    label: str
    text: str
    parts: tuple[RatePart, ...]


def rates_bar(words: Words, values: Mapping[str, Value]) -> RatesBar:
    """The four shares, which are all."""
    parts, reached = [], Fraction(0)
    for metric, (word, fill) in PARTS.items():
        share = values[metric]
        if share:
            text = f"{words.gettext(word)} {numerals.percent(Fraction(share))}%"
            parts.append(RatePart(x=_place(reached), width=_place(Fraction(share)), text=text, fill=fill))
            reached += Fraction(share)
    label = words.gettext("Speech rate of talks")
    return RatesBar(label=label, text=f"{label}: {', '.join(each.text for each in parts)}", parts=tuple(parts))


def _place(share: Fraction) -> str:
    return f"{float(share * 100):.2f}%"
