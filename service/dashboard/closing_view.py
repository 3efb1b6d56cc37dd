"""A month on its way to its sign-off, as rows of text for the template. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.closing.month import IN_SPITE, MonthState, Obstacle, Standing
from analytics.closing.records import About, Exemption, Issue, Kind, Objection, Reason
from analytics.closing.states import ExemptionState, ObjectionState
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.rows import Mark, call_link, mark
from service.dashboard.words import Words
from service.desk.masking import masked_text
from service.live.closing import REPORTS, Closing

STATES = {
    MonthState.OPEN: Label(marked("Nothing issued"), "", "circle-dashed"),
    MonthState.ISSUED: Label(marked("Issued, not signed"), "acc", "file-text"),
    MonthState.SIGNED: Label(marked("Month closed"), "good", "lock"),
    MonthState.RESTATED: Label(marked("Restated, not signed"), "warn", "triangle-alert"),
}
OBSTACLES = {
    Obstacle.NOT_ISSUED: marked("No report of the month was issued: issue it above."),
    Obstacle.UNFINISHED: marked("A report was counted before the month was over: issue it again."),
    Obstacle.OPEN_OBJECTION: marked("An agent waits for an answer."),
    Obstacle.UNDECIDED_EXEMPTION: marked("A second person has not decided."),
    Obstacle.WINDOW_OPEN: marked("Agents may still object: wait, or sign in spite of it."),
    Obstacle.OPEN_GAP: marked("A PBX was not heard: wait for its logs, or sign in spite of it."),
}
REPORT_NAMES = {"minutes": marked("Talk minutes"), "three-rings": marked("Three rings")}
ABOUTS = {About.MINUTES: marked("Minutes"), About.RINGS: marked("Rings"), About.CALL: marked("Call")}
KINDS = {Kind.OFFERING: marked("Ringing"), Kind.CALL: marked("Call")}
REASONS = {
    Reason.PHONE_FAULT: marked("Phone fault"),
    Reason.TEST: marked("Our own test"),
    Reason.CRANK: marked("Crank call"),
    Reason.OTHER: marked("Another reason"),
}
OBJECTION_STATES = {
    ObjectionState.OPEN: Label(marked("Unanswered"), "warn", "triangle-alert"),
    ObjectionState.UPHELD: Label(marked("Upheld"), "good", "circle-check"),
    ObjectionState.REJECTED: Label(marked("Rejected"), "", "circle-x"),
    ObjectionState.WITHDRAWN: Label(marked("Withdrawn"), "", "circle-dashed"),
}
EXEMPTION_STATES = {
    ExemptionState.ASKED: Label(marked("Asked for"), "warn", "triangle-alert"),
    ExemptionState.APPROVED: Label(marked("Approved"), "good", "circle-check"),
    ExemptionState.REFUSED: Label(marked("Turned down"), "", "circle-x"),
    ExemptionState.WITHDRAWN: Label(marked("Withdrawn"), "", "circle-dashed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """An issued report."""

    id: int
    report: str
    number: int
    issued: str
    as_of: str
    until: str
    signed: str
    remark: str  # why it was restated, and in spite of what it was signed


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLine:
    """An objection; `is_open`: it waits for an answer."""

    id: int
    who: str
    about: str
    link: str
    text: str
    raised: str
    state: Mark
    is_open: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionLine:
    """An exemption; which steps it may take."""

    id: int
    kind: str
    target: str
    link: str
    at: str
    reason: str
    text: str
    state: Mark
    people: str
    may_decide: bool
    may_withdraw: bool
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingView:
    """The page. `asks_in_spite`: only what a reason may set aside stands in the way; `may_sign`: nothing else does."""

    month: str
    label: str
    state: Mark
    standing: tuple[tuple[str, str, str], ...]  # what, what it is about, more
    issues: tuple[IssueLine, ...]
    objections: tuple[ObjectionLine, ...]
    exemptions: tuple[ExemptionLine, ...]
    reports: tuple[tuple[str, str, bool], ...]  # id, name, whether it was issued before
    reasons: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    may_sign: bool
    asks_in_spite: bool


def closing_view(words: Words, found: Closing, *, name_of: Mapping[str, str], whole: bool) -> ClosingView:
    """The page of a month. `whole`: numbers within texts are shown."""
    month, shown = found.month, (lambda text: text) if whole else masked_text
    issued = {each.report for each in month.issues}
    hard = [each for each in month.standing if each.obstacle not in IN_SPITE]
    return ClosingView(
        month=words.month(words.local(found.period.start).date()),
        label=found.period.label,
        state=mark(words, STATES[month.state]),
        standing=tuple(
            (words.gettext(OBSTACLES[each.obstacle]), *map(shown, _about(words, found, each, name_of)))
            for each in month.standing
        ),
        issues=tuple(_issue(words, each) for each in month.issues),
        objections=tuple(_objection(words, each, name_of, shown(each.text)) for each in found.objections),
        exemptions=tuple(_exemption(words, each, shown(each.text)) for each in found.exemptions),
        reports=tuple((each, words.gettext(REPORT_NAMES[each]), each in issued) for each in REPORTS),
        reasons=tuple((each.value, words.gettext(REASONS[each])) for each in Reason),
        kinds=tuple((each.value, words.gettext(KINDS[each])) for each in Kind),
        may_sign=bool(month.to_sign) and not hard,
        asks_in_spite=bool(month.standing),
    )


def _about(words: Words, found: Closing, standing: Standing, name_of: Mapping[str, str]) -> tuple[str, str]:
    """What an obstacle is about, and what there is to say of it, in the reader's words."""
    for issue in found.month.issues:
        if issue.title == standing.what:
            at = issue.objections_until if standing.obstacle is Obstacle.WINDOW_OPEN else issue.as_of
            return f"{_report(words, issue.report)} · {words.gettext('Version')} {issue.number}", _moment(words, at)
    for objection in found.objections:
        if objection.title == standing.what:
            who = words.person(objection.agent, name_of.get(objection.agent))
            return f"{who} · {words.gettext(ABOUTS[objection.about])}", objection.text
    for each in found.exemptions:
        if each.title == standing.what:
            what = f"{words.gettext(KINDS[each.kind])} · {words.gettext(REASONS[each.reason])}"
            return what, f"{each.asked_by}: {each.text}"
    return standing.what, standing.detail


def _report(words: Words, report: str) -> str:
    known = REPORT_NAMES.get(report)
    return words.gettext(known) if known else report


def _moment(words: Words, at: datetime) -> str:
    return f"{words.local(at):%m-%d %H:%M}"


def _by(words: Words, at: datetime | None, by: str | None) -> str:
    return "—" if at is None else f"{_moment(words, at)} {by or ''}".strip()


def _issue(words: Words, each: Issue) -> IssueLine:
    remarks = [each.reason, each.in_spite, each.sign_note]
    return IssueLine(
        id=each.id,
        report=_report(words, each.report),
        number=each.number,
        issued=_by(words, each.issued_at, each.issued_by),
        as_of=_moment(words, each.as_of),
        until=_moment(words, each.objections_until),
        signed=_by(words, each.signed_at, each.signed_by),
        remark=" · ".join(filter(None, remarks)) or "—",
    )


def _objection(words: Words, each: Objection, name_of: Mapping[str, str], text: str) -> ObjectionLine:
    answered = each.answer or ""
    return ObjectionLine(
        id=each.id,
        who=words.person(each.agent, name_of.get(each.agent)),
        about=words.gettext(ABOUTS[each.about]),
        link=call_link(each.target_id) if each.about is About.CALL and each.target_id else "",
        text=text,
        raised=_moment(words, each.raised_at),
        state=mark(words, OBJECTION_STATES[each.state]),
        is_open=each.state is ObjectionState.OPEN,
        answer=f"{each.decided_by}: {answered}" if each.decided_by and answered else each.decided_by or "—",
    )


def _exemption(words: Words, each: Exemption, text: str) -> ExemptionLine:
    people = [each.asked_by, each.decided_by, each.withdrawn_by]
    return ExemptionLine(
        id=each.id,
        kind=words.gettext(KINDS[each.kind]),
        target=each.target_id,
        link=call_link(each.target_id) if each.kind is Kind.CALL and each.stored else "",
        at=_moment(words, each.target_at),
        reason=words.gettext(REASONS[each.reason]),
        text=text,
        state=mark(words, EXEMPTION_STATES[each.state]),
        people=" → ".join(filter(None, people)),
        may_decide=each.state is ExemptionState.ASKED,
        may_withdraw=each.state in (ExemptionState.ASKED, ExemptionState.APPROVED),
        is_lost=not each.stored,
    )
