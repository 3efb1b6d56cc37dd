"""What the pages of the first start show: steps, what a PBX lacks, policies in a few sentences, members of queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from analytics.setup.hours import DayHours
from config.explain import LANGUAGES, explain
from config.policies import Policy
from config.policy_loader import load_policy, shipped_policies
from config.settings import Language
from service.dashboard.board import AgentActivity
from service.dashboard.catalogues import marked
from service.dashboard.live_view import LiveState
from service.dashboard.rows import Mark
from service.dashboard.words import Words
from service.doctor_words import title_of
from service.starting.checking import Checked
from service.starting.proposal_text import SetupText
from service.starting.proposing import Proposed
from service.starting.start import Standing, Step
from telephony.doctor_findings import Finding, Severity

TITLES = {
    Step.ADMINISTRATOR: (marked("Administrator"), marked("who gives others their rights")),
    Step.PBX: (marked("Connect a PBX"), marked("checked before it is kept")),
    Step.POLICY: (marked("Pick a policy"), marked("your rules, ready and editable")),
    Step.AGENTS: (marked("Import agents"), marked("from the PBX or Excel")),
    Step.DONE: (marked("Done"), marked("see the first call")),
}
MARKS = {
    Severity.ERROR: (marked("must fix"), "bad", "octagon-alert"),
    Severity.WARNING: (marked("advised"), "warn", "triangle-alert"),
    Severity.CANNOT_TELL: (marked("cannot be told from here"), "", "circle-help"),
    Severity.NOTE: (marked("good to know"), "", "info"),
    Severity.OK: (marked("ready"), "good", "circle-check"),
}
MOST_KINDS = 8
"""So many kinds of promises are named; of more their number is told."""


MOST_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A step in the column on the left."""

    key: str
    title: str
    note: str
    number: int
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingShown:
    """One finding with its mark; `lines` are to be copied as they are."""

    mark: Mark
    what: str
    found: str
    expected: str
    file: str
    lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedShown:
    """What a check found, the worst first."""

    unreachable: str
    refused: bool
    findings: tuple[FindingShown, ...]
    counts: tuple[tuple[Mark, int], ...]
    must: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChoice:
    """A shipped policy: what it promises, whose minutes have quotas, how soon phones are answered."""

    name: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """An agent whom a queue of the PBX knows."""

    agent: str
    name: str
    state: str


def steps_of(words: Words, standing: Standing, shown: Step) -> list[StepShown]:
    """All steps; those that were skipped say so."""
    return [
        StepShown(
            key=step.value,
            title=words.gettext(title),
            note=words.gettext("skipped for now") if step in standing.skipped else words.gettext(note),
            number=number,
            is_done=step in standing.done,
            is_current=step is shown,
        )
        for number, (step, (title, note)) in enumerate(TITLES.items(), 1)
    ]


def checked_view(words: Words, checked: Checked) -> CheckedShown:
    """A check for people."""
    order = list(MARKS)
    findings = sorted(checked.findings, key=lambda each: order.index(each.severity))
    counts = ((_mark(words, severity), sum(each.severity is severity for each in findings)) for severity in MARKS)
    return CheckedShown(
        unreachable=checked.unreachable,
        refused=checked.refused,
        findings=tuple(_finding(words, each) for each in findings),
        counts=tuple((mark, count) for mark, count in counts if count),
        must=sum(each.severity is Severity.ERROR for each in findings),
    )


def _finding(words: Words, each: Finding) -> FindingShown:
    return FindingShown(
        mark=_mark(words, each.severity),
        what=title_of(each, words.language),
        found=each.found,
        expected=each.expected,
        file=each.file or "",
        lines="\n".join(each.lines_to_add) or (each.command or ""),
    )


def _mark(words: Words, severity: Severity) -> Mark:
    text, css, icon = MARKS[severity]
    return Mark(text=words.gettext(text), css=css, icon=icon)


def policy_choices(words: Words) -> tuple[PolicyChoice, ...]:
    """The shipped policies, each in a few sentences."""
    return _choices(words.language)


@cache
def _choices(language: str) -> tuple[PolicyChoice, ...]:
    return tuple(_choice(load_policy(name), language) for name in shipped_policies())


def _choice(policy: Policy, language: str) -> PolicyChoice:
    chinese, newest = language == "zh", policy.versions[-1]
    names = [each.name_zh if chinese else each.name_en for each in newest.promises.kinds]
    comma, more = ("、", f" 等 {len(names)} 项") if chinese else (", ", f" and more: {len(names)} in all")
    promised = comma.join(names[:MOST_KINDS]) + (more if len(names) > MOST_KINDS else "")
    tiers = comma.join((each.name_zh if chinese else each.name_en) for each in newest.tiers)
    # After its title and since when it is in force.
    ring = [line for line in explain(policy, language).splitlines() if line][2]
    title = policy.title_zh if chinese else policy.title_en
    sentences = tuple(each for each in (promised, tiers, ring) if each)
    return PolicyChoice(name=policy.name, title=title or policy.name, sentences=sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingsShown:
    """What calls have shown: by kind, how many and the first names; and all of it as lines to copy."""

    kinds: tuple[tuple[str, int, str], ...]
    lines: str


def sightings_view(words: Words, told: Proposed, policy: Policy) -> SightingsShown | None:
    """Proposals for people; None where there are none yet."""
    found = told.found
    kinds = (
        (words.gettext("Trunks"), [each.peer for pbx in told.trunks for each in pbx.found]),
        (words.gettext("Numbers dialled"), [each.name for each in found.lines]),
        (words.gettext("Queues"), [each.seen.name for each in found.queues]),
        (words.gettext("Agents"), [f"{each.agent} {each.name or ''}".strip() for each in found.agents]),
        (words.gettext("Devices"), [each.seen.name for each in found.devices]),
        (words.gettext("Opening hours"), [weekday_of(words, each) for each in found.hours if each.spans]),
    )
    shown = tuple((kind, len(names), _first(words, names)) for kind, names in kinds if names)
    if not shown:
        return None
    return SightingsShown(kinds=shown, lines=SetupText(policy=policy, language=Language(words.language)).toml(told))


def weekday_of(words: Words, hours: DayHours) -> str:
    """A weekday with its hours: Monday 09:00-12:00."""
    spans = " ".join(
        f"{each.opens:%H:%M}–{f'{each.closes:%H:%M}' if each.closes else '24:00'}" for each in hours.spans
    )
    return f"{LANGUAGES[words.language].weekdays[hours.weekday]} {spans}"


def _first(words: Words, names: Sequence[str]) -> str:
    comma = "、" if words.language == "zh" else ", "
    return comma.join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")


def member_rows(live: LiveState, policy: Policy) -> list[MemberRow]:
    """Who is in a queue now and is none of the policy's people."""
    known = {each.agent for each in policy.agents}
    return [
        MemberRow(agent=each.agent, name=each.name or "", state=each.activity.value)
        for each in live.board().agents
        if each.agent not in known and each.activity is not AgentActivity.LOGGED_OUT
    ]
