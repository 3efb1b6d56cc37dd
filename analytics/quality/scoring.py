"""What a scorecard comes to: the form as it was, marks checked against it, and the mark in hundredths. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.errors import QualityError
from config.digests import digest_of
from config.quality import Automatic, Criterion, Critical, Quality

MAX_TEXT = 1000
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What an inspector says. `verdicts`: of each automatic item, whether it holds; None says nothing of it."""

    marks: Mapping[str, int]
    criticals: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)  # by criterion
    verdicts: Mapping[str, bool | None] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`points_c` are hundredths of a point of 100 by the marks alone; `mark_c` is 0 where something critical failed."""

    points_c: int
    mark_c: int
    critical: bool
    passed: bool


def result_of(quality: Quality, scores: Scores) -> Result:
    """What the marks come to, rounded once, half up. Raises QualityError for marks that are not of this form."""
    check(quality, scores)
    exact = quality.points(dict(scores.marks)) * HUNDREDTHS
    points = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    mark = 0 if scores.criticals else points
    passed = not scores.criticals and exact >= quality.pass_mark * HUNDREDTHS
    return Result(points_c=points, mark_c=mark, critical=bool(scores.criticals), passed=passed)


def check(quality: Quality, scores: Scores) -> None:
    """Raise QualityError unless every criterion has a mark within the scale, and the form knows all that is named."""
    wanted = {each.id for each in quality.criteria}
    if missing := [each.id for each in quality.criteria if each.id not in scores.marks]:
        raise QualityError(f"card: found no mark for {missing[0]}, expected one from 0 to {quality.scale}")
    _known("criterion", {*scores.marks, *scores.remarks}, wanted)
    _known("critical", set(scores.criticals), {each.id for each in quality.criticals})
    _known("automatic item", set(scores.verdicts), {each.value for each in quality.automatic})
    for name, mark in scores.marks.items():
        if type(mark) is not int or not 0 <= mark <= quality.scale:
            raise QualityError(f"card: found {mark!r} for {name}, expected a mark from 0 to {quality.scale}")
    longest = max((len(each) for each in (scores.summary, *scores.remarks.values())), default=0)
    if longest > MAX_TEXT:
        raise QualityError(f"card: found a text of {longest} letters, expected up to {MAX_TEXT}")


def _known(kind: str, found: set[str], known: set[str]) -> None:
    if unknown := sorted(found - known):
        expected = ", ".join(sorted(known)) or "none"
        raise QualityError(f"card: found the {kind} {unknown[0][:40]!r}, expected one of {expected}")


# -- the form, as it is kept on the card ---------------------------------------------------------


def form_of(quality: Quality) -> str:
    """The form as canonical JSON: a card means the same when the policy has changed."""
    told = {
        "scale": quality.scale,
        "pass_mark": quality.pass_mark,
        "criteria": [
            {"id": each.id, "name_zh": each.name_zh, "name_en": each.name_en, "weight": each.weight}
            for each in quality.criteria
        ],
        "criticals": [
            {"id": each.id, "name_zh": each.name_zh, "name_en": each.name_en} for each in quality.criticals
        ],
        "automatic": [each.value for each in quality.automatic],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def form_digest(quality: Quality) -> str:
    """The version of a form: sixteen hex digits of all that the section says."""
    return digest_of(quality)


def read_form(text: str) -> Quality:
    """The form of a card, as far as marking goes."""
    told = json.loads(text)
    return Quality(
        criteria=tuple(Criterion(**each) for each in told["criteria"]),
        criticals=tuple(Critical(**each) for each in told["criticals"]),
        automatic=tuple(Automatic(each) for each in told["automatic"]),
        scale=told["scale"],
        pass_mark=told["pass_mark"],
    )
