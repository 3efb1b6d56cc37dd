"""What the figures of coverage mean: sentence, formula, unit, and what stands for nothing (docs/follow-ups.md)."""

from __future__ import annotations

from service.dashboard.catalogues import marked
from service.dashboard.numerals import DASH
from service.dashboard.periods import Definition
from service.dashboard.words import Words

_COUNT, _RATE = marked("a count"), marked("%, kept as an exact ratio")
_FIGURES: dict[str, tuple[str, str, str, str]] = {
    "due": (
        marked("Due"),
        marked("Follow-ups whose due time falls in the period, as it counted then, whoever owes them and why."),
        "due = done_on_time + done_late + closed + open_in_time + open_overdue",
        _COUNT,
    ),
    "on_time": (
        marked("On-time rate"),
        marked("Of what was fulfilled or is overdue, the share that was fulfilled by its due time."),
        "done_on_time ÷ (done_on_time + done_late + open_overdue)",
        _RATE,
    ),
    "coverage": (
        marked("Coverage"),
        marked("The share of what was due that has its end: fulfilled, or closed with a reason."),
        "(done + closed) ÷ due",
        _RATE,
    ),
    "attempts": (
        marked("Attempts each"),
        marked("Tries that reached the customer's network, for each follow-up that was fulfilled."),
        "attempts ÷ done",
        _COUNT,
    ),
}


def define(name: str, words: Words) -> Definition:
    """A figure's definition; KeyError where there is none."""
    title, sentence, formula, unit = _FIGURES[name]
    return Definition(
        name=f"followups_{name}",
        title=words.gettext(title),
        sentence=words.gettext(sentence),
        formula=formula,
        unit=words.gettext(unit),
        empty="0" if name == "due" else DASH,
    )
