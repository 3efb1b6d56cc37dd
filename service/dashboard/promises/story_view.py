"""The story of one follow-up in words: what it is, by which rule, all that happened to it, and its chain. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.explain_followups import explain_kind
from schedulers.followups.records import Attempt, FollowUp
from schedulers.storage.dial_refusals import Refused
from schedulers.storage.story import Answer, Line
from service.dashboard import numerals
from service.dashboard.campaign_labels import RESULTS, WHYS
from service.dashboard.promises.coverage_view import kind_name, reason_name
from service.dashboard.promises.labels import HAPPENED, OBSTACLES, STANDINGS, STATES
from service.dashboard.promises.late_view import late_by
from service.dashboard.promises.list_view import ItemRow, mark_of, row_of, standing_of
from service.dashboard.promises.people import Teller, customer_link
from service.dashboard.promises.source import Told
from service.dashboard.rows import Mark
from service.dashboard.words import Words

QUIET = frozenset({"planned"})
"""Lines that tell only when it may be tried next: left out of the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the story."""

    at: str
    what: Mark
    details: tuple[str, ...]
    by: str
    link: str = ""  # the call that it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """The page of one follow-up."""

    id: str
    title: str
    who: str
    customer: str
    state: Mark
    late: str
    facts: tuple[tuple[str, str], ...]
    obstacle: str
    waits: str
    rule: tuple[str, ...]
    version: str
    survey: tuple[tuple[str, str], ...]  # the question, and what was answered
    script: str
    entries: tuple[Entry, ...]
    held_back: tuple[tuple[str, str, str, str, str], ...]  # link, campaign, why, how often, when last
    chain: tuple[ItemRow, ...]
    deeds: tuple[str, ...]


def tell(teller: Teller, told: Told) -> StoryView:
    """The whole page."""
    words, each, rules = teller.words, told.story.follow_up, told.rules
    kind, promises = rules.kind(each), rules.promises(each)
    overdue = each.is_overdue(told.now)
    return StoryView(
        id=each.id,
        title=kind_name(words, rules, each.kind),
        who=teller.customer(told.customer, each),
        customer=customer_link(each.customer, each.id) if told.customer else "",
        state=mark_of(words, STANDINGS[standing_of(each, told.now)]),
        late=late_by(words, each.due_at, told.now) if overdue else "",
        facts=tuple(_facts(teller, told)),
        obstacle=words.gettext(OBSTACLES[each.obstacle]) if each.is_open and each.obstacle else "",
        waits=_waits(words, each),
        rule=tuple(explain_kind(kind, promises, words.language)) if kind.id else (),
        version=words.gettext("since %(at)s", at=words.moment(each.version)) if each.version else "",
        survey=tuple(_survey(teller, told)),
        script=(kind.script_zh if words.chinese else kind.script_en) or kind.script_zh,
        entries=tuple(_entries(teller, told)),
        held_back=tuple(
            (
                f"/campaigns/{id_}",
                name,
                words.gettext(WHYS[one.why]),
                numerals.count(one.count),
                words.moment(one.last_at),
            )
            for id_, name, one in told.held_back
        ),
        chain=tuple(row_of(teller, rules, told.now, one, told.customer) for one in told.chain if one.id != each.id),
        deeds=_deeds(each),
    )


def _held_back(words: Words, campaign: int, name: str, one: Refused) -> tuple[str, str, str, str, str]:
    times, at = numerals.count(one.count), words.moment(one.last_at)
    return f"/campaigns/{campaign}", name, words.gettext(WHYS[one.why]), times, at


def _deeds(each: FollowUp) -> tuple[str, ...]:
    if not each.is_open:
        return ("reopen", "note")
    approve = ("approve",) if each.wanted_at is not None else ()
    return (*approve, "hand-over", "agree", "reschedule", "note", "close")


def _waits(words: Words, each: FollowUp) -> str:
    if not each.is_open:
        return ""
    if each.reached_call is not None:
        return words.gettext("A talk was heard that would fulfil it: the outcome is missing.")
    if each.claimed_call is not None:
        return words.gettext("“Reached” was recorded, and no talk shows it yet.")
    if each.wanted_at is not None:
        return words.gettext("Another date waits for approval: %(at)s", at=words.moment(each.wanted_at))
    return ""


def _facts(teller: Teller, told: Told) -> Iterator[tuple[str, str]]:
    """What it is, in the order in which people ask."""
    words, each = teller.words, told.story.follow_up
    yield words.gettext("Due"), words.moment(each.due_at)
    if each.promised_at != each.due_at:
        yield words.gettext("Due at first"), words.moment(each.promised_at)
    if each.agreed_at:
        yield words.gettext("Agreed with the customer"), words.moment(each.agreed_at)
    yield words.gettext("Arose"), words.moment(each.born_at)
    yield words.gettext("Owner"), teller.agent(each.owner)
    if each.group:
        yield words.gettext("Group"), each.group
    if each.skill:
        yield words.gettext("Skill"), each.skill
    yield words.gettext("Attempts that count"), numerals.count(each.counted)
    if each.uncounted:
        yield words.gettext("Attempts that do not count"), numerals.count(each.uncounted)
    if each.is_open:
        at = words.moment(each.ready_at) if each.ready_at else numerals.DASH
        yield words.gettext("May be tried from"), at
        if each.last_chance_at:
            yield words.gettext("Last permitted time"), words.moment(each.last_chance_at)
    yield from _end(teller, told)
    for name, value in each.about:
        if not name.startswith(("times_", "claimed_")):
            yield name, teller.text(str(value))
    if each.level:
        yield words.gettext("Levels up"), str(each.level)
    yield words.gettext("Number"), each.id


def _end(teller: Teller, told: Told) -> Iterator[tuple[str, str]]:
    words, each = teller.words, told.story.follow_up
    if each.fulfilled_at:
        yield words.gettext("Fulfilled"), words.moment(each.fulfilled_at)
    if each.elsewhere:
        yield words.gettext("Contact elsewhere"), each.elsewhere
    if each.reason:
        yield words.gettext("Closed because"), reason_name(words, told.rules, each.reason)
    if each.content is not None:
        yield words.gettext("Satisfied"), words.gettext("yes") if each.content else words.gettext("no")


def _survey(teller: Teller, told: Told) -> Iterator[tuple[str, str]]:
    """The questions of its survey with the newest answer to each."""
    each, words = told.story.follow_up, teller.words
    survey = told.rules.promises(each).survey(told.rules.kind(each).survey)
    answers: dict[str, Answer] = {one.question: one for one in told.story.answers}
    for question in survey.questions if survey else ():
        text = question.text_zh if words.chinese else question.text_en
        answer = answers.get(question.id)
        said = numerals.DASH if answer is None else teller.text(str(answer.answer))
        yield text, f"{said} / {question.scale}" if answer and question.scale else said


def _entries(teller: Teller, told: Told) -> Iterator[Entry]:
    """Every change, the newest first; a try is told with its change."""
    left = {each.at: each for each in told.story.attempts}
    for line in reversed(told.story.lines):
        if line.what.value in QUIET:
            continue
        tried = left.pop(line.at, None) if line.what.value in ("attempted", "reached", "done") else None
        yield _entry(teller, told, line, tried)


def _entry(teller: Teller, told: Told, line: Line, tried: Attempt | None) -> Entry:
    words = teller.words
    details = [*_change(teller, told, line), *(_try(teller, tried) if tried else ())]
    return Entry(
        at=words.moment(line.at),
        what=mark_of(words, HAPPENED[line.what]),
        details=tuple(each for each in (*details, teller.text(line.note)) if each),
        by=words.gettext("the system") if line.by == "system" else teller.agent(line.by),
        link=f"/calls/{tried.call}" if tried and tried.call else "",
    )


def _change(teller: Teller, told: Told, line: Line) -> Iterator[str]:
    words = teller.words
    if line.before_owner:
        yield f"{teller.agent(line.before_owner)} → {teller.agent(line.owner)}"
    if line.what.value in ("born", "rescheduled", "agreed", "approved"):
        yield words.gettext("due %(at)s", at=words.moment(line.due_at))
    if line.what.value == "closed" and line.reason:
        yield reason_name(words, told.rules, line.reason)
    if line.what.value == "reopened":
        yield words.gettext(STATES[line.state].message)


def _try(teller: Teller, tried: Attempt) -> Iterator[str]:
    words = teller.words
    yield words.gettext(RESULTS[tried.result])
    if tried.number:
        yield teller.number(tried.number)
    if tried.agent:
        yield teller.agent(tried.agent)
    if tried.talk is not None:
        yield words.gettext("talk %(length)s", length=words.length(int(tried.talk.total_seconds() * 1000)))
    if not tried.counts:
        yield words.gettext("does not count")
