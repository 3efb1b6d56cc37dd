"""A campaign in words and places: the equation of its contacts, live calls, results, reasons, forecast. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt
from service.dashboard import numerals
from service.dashboard.campaign_labels import MODES, PHASES, RESULTS, STATES, WHYS
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.rows import Mark, initial_of
from service.dashboard.words import Words

if TYPE_CHECKING:
    from schedulers.storage.campaign_progress import Progress
    from service.desk.campaigns import Standing

PARTS = (
    ("fulfilled", marked("fulfilled"), "f-acc"),
    ("closed", marked("closed, reason given"), "h-acc"),
    ("waiting", marked("wait"), "f-track"),
    ("reached", marked("wait for the outcome"), "f-warnsoft"),
    ("dialling", marked("being dialled"), "f-soft"),
)
TURNS: dict[CampaignState, tuple[str, ...]] = {
    CampaignState.DRAFT: ("start", "stop"),
    CampaignState.RUNNING: ("pause", "stop"),
    CampaignState.PAUSED: ("resume", "stop"),
    CampaignState.STOPPED: (),
    CampaignState.FINISHED: (),
}
NameOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialler:
    """What this process knows of the dialler of a campaign's PBX; `is_here` False: another process has it."""

    is_here: bool
    connected: bool = False
    deaf: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the contacts, and its piece of the bar, in percent."""

    label: str
    count: int
    css: str
    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """An attempt that goes on."""

    id: int
    agent: str
    initial: str
    number: str
    state: Mark
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A campaign as a row of the list."""

    link: str
    name: str
    state: Mark
    mode: str
    ended: int
    contacts: int
    attempts: int
    rate: str
    priority: int
    deadline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A campaign's page."""

    campaign: Campaign
    state: Mark
    mode: str
    contacts: int
    parts: tuple[Part, ...]
    adds_up: bool
    label: str
    figures: tuple[tuple[str, str], ...]
    live: tuple[LiveRow, ...]
    results: tuple[tuple[str, int], ...]
    whys: tuple[tuple[str, int], ...]
    indeterminate: int
    forecast: tuple[tuple[str, str], ...]
    story: tuple[tuple[str, str, str, str], ...]
    turns: tuple[str, ...]
    deadline: str
    dialler: Dialler


def mark_of(words: Words, label: Label) -> Mark:
    """A label in words."""
    return Mark(text=words.gettext(label.message), css=label.css, icon=label.icon)


def line_of(words: Words, campaign: Campaign, progress: Progress) -> Line:
    """A row of the list."""
    contacts = progress.contacts
    return Line(
        link=f"/campaigns/{campaign.id}",
        name=campaign.name,
        state=mark_of(words, STATES[campaign.state]),
        mode=words.gettext(MODES[campaign.mode]),
        ended=contacts.fulfilled + contacts.closed,
        contacts=contacts.all,
        attempts=progress.attempts,
        rate=percent(progress.connected_rate),
        priority=campaign.priority,
        deadline=words.moment(campaign.deadline_at) if campaign.deadline_at else numerals.DASH,
    )


def view_of(words: Words, standing: Standing, dialler: Dialler, name_of: NameOf) -> View:
    """The page of one."""
    campaign, progress = standing.campaign, standing.progress
    parts = _parts(words, progress)
    label = " + ".join(f"{each.label} {numerals.count(each.count)}" for each in parts)
    return View(
        campaign=campaign,
        state=mark_of(words, STATES[campaign.state]),
        mode=words.gettext(MODES[campaign.mode]),
        contacts=progress.contacts.all,
        parts=parts,
        adds_up=sum(each.count for each in parts) == progress.contacts.all,
        label=label,
        figures=_figures(words, progress),
        live=tuple(_live(words, each, name_of) for each in standing.live),
        results=_counted(words, progress.results, RESULTS),
        whys=_counted(words, progress.held_back, WHYS),
        indeterminate=sum(count for phase, count in progress.phases.items() if phase.value == "indeterminate"),
        forecast=_forecast(words, standing),
        story=tuple((words.moment(e.at), words.gettext(STORY[e.what.value]), e.by, e.note) for e in standing.story),
        turns=TURNS[campaign.state],
        deadline=words.moment(campaign.deadline_at) if campaign.deadline_at else numerals.DASH,
        dialler=dialler,
    )


STORY = {
    "made": marked("made"),
    "started": marked("started"),
    "paused": marked("paused"),
    "resumed": marked("resumed"),
    "stopped": marked("stopped"),
    "finished": marked("finished"),
    "changed": marked("changed"),
    "members": marked("customers added"),
    "anyway": marked("answered for what was not heard"),
}


def percent(value: float | None) -> str:
    """A rate as pages write it; a dash over nothing."""
    return numerals.DASH if value is None else f"{numerals.percent(Fraction(value).limit_denominator(10**6))}%"


def _parts(words: Words, progress: Progress) -> tuple[Part, ...]:
    whole, found, place = max(progress.contacts.all, 1), [], 0
    for name, label, css in PARTS:
        count = getattr(progress.contacts, name)
        x, width = f"{100 * place / whole:.2f}%", f"{100 * count / whole:.2f}%"
        found.append(Part(label=words.gettext(label), count=count, css=css, x=x, width=width))
        place += count
    return tuple(found)


def _figures(words: Words, progress: Progress) -> tuple[tuple[str, str], ...]:
    each = progress.attempts_per_contact
    return (
        (words.gettext("may be dialled now"), numerals.count(progress.ready)),
        (words.gettext("attempts"), numerals.count(progress.attempts)),
        (words.gettext("connected"), percent(progress.connected_rate)),
        (words.gettext("attempts a contact"), numerals.DASH if each is None else f"{each:.1f}"),
        (words.gettext("talk"), words.length(int(progress.talked.total_seconds() * 1000))),
    )


def _live(words: Words, each: DialAttempt, name_of: NameOf) -> LiveRow:
    name = words.person(each.agent, name_of(each.agent))
    return LiveRow(
        id=each.id,
        agent=name,
        initial=initial_of(name),
        number=words.number(each.number),
        state=mark_of(words, PHASES[each.phase]),
        since=each.sent_at or each.committed_at or each.planned_at,
    )


def _counted(words: Words, counts: object, labels: object) -> tuple[tuple[str, int], ...]:
    told = sorted(dict(counts).items(), key=lambda each: (-each[1], str(each[0])))  # type: ignore[call-overload]
    return tuple((words.gettext(labels[key]), count) for key, count in told)  # type: ignore[index]


def _forecast(words: Words, standing: Standing) -> tuple[tuple[str, str], ...]:
    told = standing.forecast
    per_hour = told.pace.per_hour
    finish = words.moment(told.finish_at) if told.finish_at else numerals.DASH
    lines = [
        (words.gettext("left"), numerals.count(told.remaining)),
        (words.gettext("done an hour"), numerals.DASH if per_hour is None else f"{per_hour:.0f}"),
        (words.gettext("expected to finish"), finish),
    ]
    if told.in_time is not None:
        lines.append((words.gettext("in time"), words.gettext("yes") if told.in_time else words.gettext("no")))
    return tuple(lines)
