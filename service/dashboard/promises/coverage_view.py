"""The proof of coverage in words and places: the equation and its bar, kinds with their rule. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from config.explain_followups import SPOKEN, explain_due, explain_kind
from config.followups import FollowUpKind
from schedulers.followups.rules import Rules
from schedulers.storage.coverage import Coverage, Standing
from service.dashboard import numerals
from service.dashboard.periods import Definition
from service.dashboard.promises.definitions import define
from service.dashboard.promises.labels import PARTS
from service.dashboard.promises.source import Proof, Question
from service.dashboard.query import next_month
from service.dashboard.words import Words
from service.desk.desk import kinds_of

LEAST_WIDTH = 0.6  # percent: what is overdue is seen, however little it is
MOST_REASONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an equation: its figure, where it leads, and its piece of the bar in percent."""

    key: str
    label: str
    count: int
    css: str
    icon: str
    link: str
    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure beside the equation."""

    label: str
    value: str
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """A kind with its rule in words and its own equation."""

    id: str
    name: str
    rule: str
    sentences: str
    due: int
    link: str
    parts: tuple[Part, ...]
    label: str
    on_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """due = the parts. `holds`: whether they add up to what was counted apart."""

    due: int
    counted: int
    holds: bool
    link: str
    parts: tuple[Part, ...]
    label: str
    figures: tuple[Figure, ...]
    definition: Definition
    reasons: tuple[tuple[str, int, str], ...]  # why closed, how many, link


class Links:
    """Where figures lead: the items behind them, by the same question."""

    def __init__(self, asked: Sequence[tuple[str, str]]) -> None:
        self._asked = dict(asked)

    def items(self, **more: str) -> str:
        """The items of this question, narrowed."""
        told = {**self._asked, **more}
        return "/followups/items?" + urlencode([(key, value) for key, value in told.items() if value])


def equation_of(words: Words, proof: Proof, links: Links) -> Equation:
    """The whole."""
    counts = counts_of(proof.rows)
    due = sum(counts.values())
    parts = parts_of(words, counts, links)
    return Equation(
        due=due,
        counted=proof.counted,
        holds=due == proof.counted,
        link=links.items(),
        parts=parts,
        label=_label(words, due, parts),
        figures=_figures(words, counts, sum(each.attempts for each in proof.rows)),
        definition=define("due", words),
        reasons=_reasons(words, proof, links),
    )


def counts_of(rows: Iterable[Coverage]) -> dict[Standing, int]:
    """The parts of some kinds and groups together."""
    told = list(rows)
    return {
        Standing.DONE_ON_TIME: sum(each.done_on_time for each in told),
        Standing.DONE_LATE: sum(each.done_late for each in told),
        Standing.CLOSED: sum(each.closed_count for each in told),
        Standing.OPEN_IN_TIME: sum(each.open_in_time for each in told),
        Standing.OPEN_OVERDUE: sum(each.open_overdue for each in told),
    }


def parts_of(words: Words, counts: dict[Standing, int], links: Links, **more: str) -> tuple[Part, ...]:
    """The parts with their places in the bar; what is overdue ends at its right end."""
    whole, place, found = max(sum(counts.values()), 1), 0.0, []
    for standing, label in PARTS.items():
        share = 100 * counts[standing] / whole
        width = max(share, LEAST_WIDTH) if standing is Standing.OPEN_OVERDUE and counts[standing] else share
        x = 100 - width if standing is Standing.OPEN_OVERDUE else place
        found.append(
            Part(
                key=standing.value, label=words.gettext(label.message), count=counts[standing], css=label.css,
                icon=label.icon, link=links.items(standing=standing.value, **more), x=f"{x:.2f}%",
                width=f"{width:.2f}%",
            )
        )  # fmt: skip
        place += share
    return tuple(found)


def _label(words: Words, due: int, parts: Iterable[Part]) -> str:
    told = " + ".join(f"{each.label} {numerals.count(each.count)}" for each in parts)
    return words.gettext("due %(due)s = %(parts)s", due=numerals.count(due), parts=told)


def on_time_of(counts: dict[Standing, int]) -> Fraction | None:
    """Of what was fulfilled or is overdue, what was fulfilled in time; None of nothing."""
    whole = counts[Standing.DONE_ON_TIME] + counts[Standing.DONE_LATE] + counts[Standing.OPEN_OVERDUE]
    return Fraction(counts[Standing.DONE_ON_TIME], whole) if whole else None


def percent(value: Fraction | None) -> str:
    """A share with its sign; a dash over nothing."""
    shown = numerals.percent(value)
    return shown if value is None else f"{shown}%"


def _figures(words: Words, counts: dict[Standing, int], attempts: int) -> tuple[Figure, ...]:
    due = sum(counts.values())
    done = counts[Standing.DONE_ON_TIME] + counts[Standing.DONE_LATE]
    covered = done + counts[Standing.CLOSED]
    values = {
        "on_time": percent(on_time_of(counts)),
        "coverage": percent(Fraction(covered, due) if due else None),
        "attempts": f"{attempts / done:.1f}" if done else numerals.DASH,
    }
    told = ((value, define(name, words)) for name, value in values.items())
    return tuple(Figure(label=each.title, value=value, definition=each) for value, each in told)


def _reasons(words: Words, proof: Proof, links: Links) -> tuple[tuple[str, int, str], ...]:
    counted: Counter[str] = Counter()
    for row in proof.rows:
        counted.update(dict(row.closed))
    return tuple(
        (reason_name(words, proof.rules, reason), number, links.items(standing="closed", reason=reason))
        for reason, number in counted.most_common(MOST_REASONS)
    )


def reason_name(words: Words, rules: Rules, reason: str) -> str:
    """A closing reason in words; its id where no version of the policy knows it."""
    known = (version.promises.reason(reason) for version in reversed(rules.policy.versions))
    found = next((each for each in known if each is not None), None)
    if found is None:
        return reason
    return found.name_zh if words.chinese else found.name_en


def period_text(words: Words, question: Question) -> str:
    """A period in words: a month, a day, or its first and last day."""
    if question.first.day == 1 and question.end == next_month(question.first):
        return words.month(question.first)
    last = question.end.fromordinal(question.end.toordinal() - 1)
    if last == question.first:
        return words.day(last)
    return f"{words.day(question.first)} – {words.day(last)}"


# -- kinds ---------------------------------------------------------------------------------------------


def kind_name(words: Words, rules: Rules, kind: str) -> str:
    """A kind in words, as the newest version of the policy calls it."""
    found = kinds_of(rules).get(kind)
    if found is None:
        return kind
    return found.name_zh if words.chinese else found.name_en


def kind_rows(words: Words, proof: Proof, links: Links) -> tuple[KindRow, ...]:
    """One row a kind of which something was due, its groups together."""
    kinds = dict.fromkeys(each.kind for each in proof.rows)
    return tuple(_kind_row(words, proof, links, kind) for kind in kinds)


def _kind_row(words: Words, proof: Proof, links: Links, kind: str) -> KindRow:
    counts = counts_of(each for each in proof.rows if each.kind == kind)
    parts, due = parts_of(words, counts, links, kind=kind), sum(counts.values())
    found = kinds_of(proof.rules).get(kind)
    promises = proof.rules.version_at(proof.as_of).promises
    language = words.language
    return KindRow(
        id=kind,
        name=kind_name(words, proof.rules, kind),
        rule=short_rule(words, found) if found else "",
        sentences=SPOKEN[language].space.join(explain_kind(found, promises, language)) if found else "",
        due=due,
        link=links.items(kind=kind),
        parts=parts,
        label=_label(words, due, parts),
        on_time=percent(on_time_of(counts)),
    )


def short_rule(words: Words, kind: FollowUpKind) -> str:
    """A kind's rule in a line: by when, near which hours, how often it is tried."""
    spoken = SPOKEN[words.language]
    told = [explain_due(kind.due, spoken)]
    if kind.windows.near:
        clocks = spoken.comma.join(f"{each:%H:%M}" for each in kind.windows.near)
        told.append(words.gettext("near %(clocks)s", clocks=clocks))
    if kind.is_by_phone:
        tries = kind.attempts
        told.append(words.gettext("%(least)s–%(most)s attempts", least=tries.least, most=tries.most))
    return spoken.comma.join(told)
