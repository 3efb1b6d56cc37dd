"""A month on its way from issued to signed: in which state it is, and what stands in the way. Pure.

    open ─ issue ─► issued ─ sign ─► signed ─ issue with a reason ─► restated ─ sign ─► signed

What is signed are the newest issues of the month's reports, by somebody who issued none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from analytics.closing.persons import must_differ
from analytics.closing.records import Exemption, Issue, Objection
from analytics.closing.states import ExemptionState, ObjectionState
from analytics.errors import ClosingError, UnreadyError


class MonthState(StrEnum):
    """How far a month is."""

    OPEN = "open"  # no report of it was issued
    ISSUED = "issued"  # reports were issued, and none is signed
    SIGNED = "signed"  # the newest issue of each report is signed
    RESTATED = "restated"  # something was issued after the sign-off and is not signed yet


class Obstacle(StrEnum):
    """What stands in the way of a sign-off."""

    NOT_ISSUED = "not_issued"  # there is nothing to sign
    UNFINISHED = "unfinished"  # a report was counted before the month was over
    OPEN_OBJECTION = "open_objection"  # an agent has no answer yet
    UNDECIDED_EXEMPTION = "undecided_exemption"  # a second person has not decided
    WINDOW_OPEN = "window_open"  # agents may still object
    OPEN_GAP = "open_gap"  # a PBX was not heard, and what was missed is not known


IN_SPITE = frozenset({Obstacle.WINDOW_OPEN, Obstacle.OPEN_GAP})
"""What a reason may set aside: nobody can wait for a log that does not exist. The rest has to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One obstacle: what it is about, and what there is to say of it; instants by the clocks of the issue's zone."""

    obstacle: Obstacle
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.obstacle} ({': '.join(filter(None, (self.what, self.detail)))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month: what a sign-off would sign, what stands in its way, and exemptions whose target is not stored any more.

    Of a signed month only what has come up since, and has to be done, stands.
    """

    state: MonthState
    issues: tuple[Issue, ...]
    to_sign: tuple[Issue, ...]
    standing: tuple[Standing, ...]
    lost: tuple[Exemption, ...]


def month_of(
    *,
    issues: Sequence[Issue],
    objections: Sequence[Objection],
    exemptions: Sequence[Exemption],
    gaps: Sequence[str],
    now: datetime,
) -> Month:
    """The state of a month, from all that there is of it; `gaps` are its open gaps, each in a sentence."""
    newest = newest_of_each(issues)
    to_sign = tuple(each for each in newest if each.signed_at is None)
    state = _state(issues, to_sign)
    standing = _standing(newest, objections, exemptions, gaps, now)
    if state is MonthState.SIGNED:
        standing = [each for each in standing if each.obstacle not in IN_SPITE]
    lost = tuple(each for each in exemptions if each.state is ExemptionState.APPROVED and not each.stored)
    return Month(state=state, issues=tuple(issues), to_sign=to_sign, standing=tuple(standing), lost=lost)


def newest_of_each(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Of each report, period and grouping the issue that counts: its last."""
    newest = {(each.report, each.start, each.end, each.groups): each for each in issues}
    return tuple(newest.values())


def _state(issues: Sequence[Issue], to_sign: Sequence[Issue]) -> MonthState:
    if not issues:
        return MonthState.OPEN
    if not to_sign:
        return MonthState.SIGNED
    return MonthState.RESTATED if any(each.signed_at for each in issues) else MonthState.ISSUED


def _standing(
    newest: Sequence[Issue],
    objections: Iterable[Objection],
    exemptions: Iterable[Exemption],
    gaps: Iterable[str],
    now: datetime,
) -> list[Standing]:
    nothing = Standing(obstacle=Obstacle.NOT_ISSUED, what="no report of the month was issued")
    return [
        *(() if newest else (nothing,)),
        *(
            Standing(obstacle=Obstacle.UNFINISHED, what=each.title, detail=f"as of {_clock(each.as_of, each)}")
            for each in newest
            if each.as_of < each.end
        ),
        *(
            Standing(obstacle=Obstacle.OPEN_OBJECTION, what=each.title, detail=each.text)
            for each in objections
            if each.state is ObjectionState.OPEN
        ),
        *(
            Standing(obstacle=Obstacle.UNDECIDED_EXEMPTION, what=each.title, detail=f"{each.asked_by}: {each.text}")
            for each in exemptions
            if each.state is ExemptionState.ASKED
        ),
        *(
            Standing(obstacle=Obstacle.WINDOW_OPEN, what=each.title, detail=_clock(each.objections_until, each))
            for each in newest
            if now < each.objections_until
        ),
        *(Standing(obstacle=Obstacle.OPEN_GAP, what=each) for each in gaps),
    ]


def check_signing(month: Month, by: str, in_spite: str | None, names: Mapping[str, str]) -> None:
    """Raise UnreadyError where something stands in the way, ClosingError where this person may not sign it."""
    if month.state is MonthState.SIGNED:
        raise ClosingError("sign: found the month signed, expected an issue that is not")
    for each in month.standing:
        if each.obstacle not in IN_SPITE:
            raise UnreadyError(f"sign: found {each}, expected none")
        if in_spite is None:
            raise UnreadyError(f"sign: found {each}, expected none, or --in-spite REASON")
    for issue in month.to_sign:
        must_differ(f"sign: {issue.title} signed by", by, issue.issued_by, names)


def _clock(at: datetime, issue: Issue) -> str:
    return at.astimezone(ZoneInfo(issue.zone)).isoformat(sep=" ", timespec="minutes")
