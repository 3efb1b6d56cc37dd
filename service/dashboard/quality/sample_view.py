"""A sample with its card as text for its template. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analytics.quality.automatic import Proposal
from analytics.quality.records import AppealState, Card, CardKind, Note, Reply, ReplyKind, SampleState, final_of
from analytics.quality.scoring import Scores
from config.policies import Policy
from config.quality import Replacement
from config.recordings import RecordingRules
from service.dashboard import numerals
from service.dashboard.labels import DIRECTIONS
from service.dashboard.quality import labels
from service.dashboard.quality.source import Opened
from service.dashboard.rows import Mark, mark, party_text
from service.dashboard.words import Words
from telephony.calls.facts import Direction


class Mode(StrEnum):
    """What the card on the page is for."""

    READ = "read"  # a card that was submitted
    MARK = "mark"  # the sample's first card
    CORRECT = "correct"  # one in the place of the card that counts
    CALIBRATE = "calibrate"  # one to compare: the other's marks and notes are not shown
    DECIDE = "decide"  # an appeal: the card in the first one's place, or none


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A criterion of the card. `mark` None: not marked yet. `points` is what it brings, as text."""

    id: str
    name: str
    weight: int
    says: str
    mark: int | None
    points: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalTile:
    """An automatic item: what was measured, what it says, and what the inspector said to that."""

    id: str
    name: str
    value: str
    unit: str
    verdict: Mark
    wanted: str
    more: str
    measured: bool
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note pinned to an instant. `own`: who reads may take it back."""

    id: int
    number: int
    at_ms: int
    at: str
    text: str
    criterion: str
    by: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card on record."""

    id: int
    kind: str
    mark: str
    counts: bool
    by: str
    at: str
    differences: tuple[tuple[str, str], ...]  # of a calibration: criterion and how much it differs


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """A reply or an appeal."""

    id: int
    appeal: bool
    by: str
    at: str
    text: str
    state: Mark | None
    decision: str
    decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """The page."""

    id: int
    agent: str
    number: str
    subtitle: str
    week: str
    stratum: str
    state: Mark
    mode: str
    items: tuple[ItemRow, ...]
    criticals: tuple[tuple[str, str, bool], ...]
    scale: int
    pass_mark: int
    total: str
    total_x: str
    verdict: Mark | None
    summary: str
    proposals: tuple[ProposalTile, ...]
    notes: tuple[NoteRow, ...]
    cards: tuple[CardRow, ...]
    said: tuple[SaidRow, ...]
    reasons: tuple[tuple[str, str], ...]
    replaced: str
    appeal: int | None  # the one that waits
    call: str
    form_digest: str
    hears: bool
    inspector: str


def sample_view(
    words: Words, told: Opened, policy: Policy, mode: Mode, login: str, *, name: str | None, hears: bool,
    draft: Scores | None = None,
) -> SampleView:  # fmt: skip
    """The page of a sample; `hears`: who reads may score it; `draft`: what he has filled in, or what was refused."""
    sample, final = told.sample, final_of(told.cards)
    shown = _shown(told, mode, draft, final)
    agent = words.person(sample.agent, name)
    blind = mode is Mode.CALIBRATE
    return SampleView(
        id=sample.id,
        agent=agent,
        number=sample.agent if agent != sample.agent else "",
        subtitle=_subtitle(words, told, policy),
        week=sample.week,
        stratum=labels.stratum(words, policy, sample),
        state=mark(words, labels.STATES[sample.state]),
        mode=mode.value,
        items=tuple(_items(words, told, shown)),
        criticals=tuple(
            (each.id, labels.named(words, each), each.id in shown.criticals) for each in told.form.criticals
        ),
        scale=told.form.scale,
        pass_mark=told.form.pass_mark,
        total=_total(told, mode, shown, final),
        total_x=_share(told, mode, shown, final),
        verdict=_verdict(words, final) if mode is Mode.READ else None,
        summary=shown.summary,
        proposals=tuple(proposal_tile(words, each, told.rules, shown) for each in told.proposals),
        notes=() if blind else note_rows(words, told, policy, login),
        cards=() if blind else tuple(_card(words, each, final, told.people) for each in told.cards),
        said=() if blind else tuple(said_row(words, each, told.people) for each in told.replies),
        reasons=_reasons(words, told, policy),
        replaced=_replaced(words, told),
        appeal=next((each.id for each in told.replies if each.state is AppealState.OPEN), None),
        call=f"/calls/{sample.call_id}",
        form_digest=final.form_digest[:8] if final else "",
        hears=hears,
        inspector=told.people.get(sample.inspector or "") or sample.inspector or "",
    )


def _shown(told: Opened, mode: Mode, draft: Scores | None, final: Card | None) -> Scores:
    """What stands in the card: what is being filled in, else the one that counts; a comparison begins empty."""
    if draft is not None:
        return draft
    if mode in (Mode.MARK, Mode.CALIBRATE):
        return told.draft or Scores(marks={})
    return scores_of(final) if final else Scores(marks={})


def scores_of(card: Card) -> Scores:
    """A card as it was filled in."""
    return Scores(
        marks={each.criterion: each.mark for each in card.lines},
        criticals=card.criticals,
        remarks={each.criterion: each.remark for each in card.lines if each.remark},
        verdicts={each.item.value: each.holds for each in card.automatic},
        summary=card.summary,
    )


def _subtitle(words: Words, told: Opened, policy: Policy) -> str:
    sample, call = told.sample, told.call
    parts = [words.moment(sample.started_at)]
    if call is not None:
        direction = words.gettext(DIRECTIONS[Direction(call.direction)].message)
        if direction not in labels.stratum(words, policy, sample).split(" · "):
            parts.append(direction)
        if call.queue:
            parts.append(policy.resolve(sample.started_at).queue_name(call.queue))
        parts.append(party_text(words, call.customer, withheld=call.withheld))
    parts.append(numerals.clock(sample.length_ms))
    return " · ".join(parts)


def _items(words: Words, told: Opened, shown: Scores) -> list[ItemRow]:
    rows = []
    for each in told.form.criteria:
        found = shown.marks.get(each.id)
        hundredths = None if found is None else each.weight * found * 100 // told.form.scale
        rows.append(
            ItemRow(
                id=each.id, name=labels.named(words, each), weight=each.weight,
                says=each.says_zh if words.chinese else each.says_en, mark=found,
                points=labels.points(hundredths) if hundredths is not None else "",
                remark=shown.remarks.get(each.id, ""),
            )
        )  # fmt: skip
    return rows


def _hundredths(told: Opened, mode: Mode, shown: Scores, final: Card | None) -> int | None:
    if mode is Mode.READ:
        return final.mark_c if final else None
    if any(each.id not in shown.marks for each in told.form.criteria):
        return None
    exact = told.form.points(dict(shown.marks)) * 100
    return 0 if shown.criticals else int(exact + Fraction(1, 2))


def _total(told: Opened, mode: Mode, shown: Scores, final: Card | None) -> str:
    return labels.points(_hundredths(told, mode, shown, final))


def _share(told: Opened, mode: Mode, shown: Scores, final: Card | None) -> str:
    return f"{(_hundredths(told, mode, shown, final) or 0) / 100:.2f}%"


def _verdict(words: Words, card: Card | None) -> Mark | None:
    if card is None:
        return None
    if card.critical:
        return Mark(text=words.gettext("Critical: the mark is 0"), css="bad", icon="octagon-alert")
    if card.passed:
        return Mark(text=words.gettext("Passed"), css="good", icon="circle-check")
    return Mark(text=words.gettext("Not passed"), css="warn", icon="triangle-alert")


def proposal_tile(words: Words, each: Proposal, rules: RecordingRules, shown: Scores) -> ProposalTile:
    """An automatic item as a tile."""
    value, unit = labels.figure(each)
    more = ""
    if each.error is not None:
        more = f"± {(each.error + 5) // 10}"
    if each.count:
        more = words.ngettext("%(n)s silence over the limit", "%(n)s silences over the limit", each.count)
    return ProposalTile(
        id=each.item.value, name=words.gettext(labels.ITEMS[each.item]), value=value,
        unit=words.gettext(unit) if unit else "", verdict=mark(words, labels.VERDICTS[each.verdict]),
        wanted=labels.wanted(words, each, rules), more=more, measured=each.figure is not None,
        holds=shown.verdicts.get(each.item.value),
    )  # fmt: skip


def note_rows(words: Words, told: Opened, policy: Policy, login: str) -> tuple[NoteRow, ...]:
    """The notes in the order of the file."""
    names = {each.id: labels.named(words, each) for each in told.form.criteria}
    open_ = told.sample.state is SampleState.OPEN

    def row(number: int, note: Note) -> NoteRow:
        return NoteRow(
            id=note.id, number=number, at_ms=note.at_ms, at=numerals.clock(note.at_ms), text=note.text,
            criterion=names.get(note.criterion or "", ""), by=told.people.get(note.by) or note.by,
            own=open_ and note.by == login,
        )  # fmt: skip

    return tuple(row(number, note) for number, note in enumerate(told.notes, 1))


def _card(words: Words, card: Card, final: Card | None, people: Mapping[str, str]) -> CardRow:
    differences: list[tuple[str, str]] = []
    if card.kind is CardKind.CALIBRATION and final is not None:
        for each in card.form.criteria:
            one, other = card.line(each.id), final.line(each.id)
            if one and other and one.mark != other.mark:
                differences.append((labels.named(words, each), f"{one.mark - other.mark:+d}".replace("-", "−")))
    return CardRow(
        id=card.id, kind=words.gettext(labels.KINDS[card.kind]), mark=labels.points(card.mark_c),
        counts=final is not None and final.id == card.id, by=people.get(card.inspector) or card.inspector,
        at=words.stamp(card.submitted_at), differences=tuple(differences),
    )  # fmt: skip


def said_row(words: Words, reply: Reply, people: Mapping[str, str]) -> SaidRow:
    """A reply or an appeal."""
    decided = ""
    if reply.decided_by and reply.decided_at:
        decided = f"{people.get(reply.decided_by) or reply.decided_by} · {words.stamp(reply.decided_at)}"
    return SaidRow(
        id=reply.id, appeal=reply.kind is ReplyKind.APPEAL, by=people.get(reply.by) or reply.by or reply.agent,
        at=words.stamp(reply.made_at), text=reply.text,
        state=mark(words, labels.APPEALS[reply.state]) if reply.state else None, decision=reply.decision or "",
        decided=decided,
    )  # fmt: skip


def _reasons(words: Words, told: Opened, policy: Policy) -> tuple[tuple[str, str], ...]:
    quality = policy.resolve(told.sample.started_at).quality
    allowed = quality.replace if quality else tuple(Replacement)
    return tuple((each.value, words.gettext(labels.REASONS[each])) for each in allowed)


def _replaced(words: Words, told: Opened) -> str:
    sample = told.sample
    if sample.reason is None:
        return ""
    reason = words.gettext(labels.REASONS[sample.reason])
    by = told.people.get(sample.replaced_by or "") or sample.replaced_by or ""
    at = words.moment(sample.replaced_at) if sample.replaced_at else ""
    return " · ".join(filter(None, (reason, sample.reason_text, by, at)))
