"""Lists for destruction, holds and certificates as text for the templates. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.rows import Mark, call_link, mark
from service.dashboard.words import Words
from service.destroying.acts import Act, Left, Stage, left
from service.destroying.holds import Hold, HoldKind
from service.destroying.items import Basis, Item, ItemState
from service.destroying.lists import DestructionList

STAGES = {
    Stage.MADE: Label(marked("To be reviewed"), "warn", "circle-dashed"),
    Stage.REVIEWED: Label(marked("To be approved"), "warn", "circle-dashed"),
    Stage.APPROVED: Label(marked("Approved, two to be present"), "acc", "users"),
    Stage.CARRYING: Label(marked("Being carried out"), "acc", "refresh-cw"),
    Stage.DONE: Label(marked("Carried out"), "good", "circle-check"),
    Stage.DROPPED: Label(marked("Dropped"), "", "circle-x"),
}
ITEM_STATES = {
    ItemState.LISTED: Label(marked("Listed"), "", "circle-dashed"),
    ItemState.LEFT_OUT: Label(marked("Taken off"), "", "circle-x"),
    ItemState.HELD: Label(marked("Held"), "acc", "lock"),
    ItemState.BEGUN: Label(marked("Being destroyed"), "acc", "refresh-cw"),
    ItemState.DESTROYED: Label(marked("Destroyed"), "bad", "trash-2"),
    ItemState.FAILED: Label(marked("Not destroyed"), "warn", "triangle-alert"),
}
ACTS = {
    Act.MAKE: marked("Registrar"),
    Act.REVIEW: marked("Reviewer"),
    Act.APPROVE: marked("Director"),
    Act.ATTEND: marked("Present"),
    Act.BEGIN: marked("Begun by"),
    Act.FINISH: marked("Carried out"),
    Act.DROP: marked("Dropped by"),
}
LEFT = {
    Left.REVIEW: marked("a second person reviews it"),
    Left.APPROVE: marked("a third one, the director, approves it"),
    Left.FIRST_PRESENT: marked("one person is present"),
    Left.SECOND_PRESENT: marked("a second person is present"),
    Left.BEGIN: marked("one of the two begins"),
}
HOLD_KINDS = {
    HoldKind.CALL: marked("One call"),
    HoldKind.CUSTOMER: marked("Customer"),
    HoldKind.PERIOD: marked("Period"),
}
BASES = {Basis.RETENTION: marked("past the days of the policy"), Basis.BY_HAND: marked("chosen by hand")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A list on the first page."""

    id: int
    made: str
    registrar: str
    basis: str
    files: str
    stage: Mark
    next: str  # what is left to do first; '' where nothing is
    certificate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One act of a list, done or still to be done."""

    role: str
    who: str
    login: str
    at: str
    note: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """A file on a list."""

    id: int
    file: int
    began: str
    call: str
    call_id: str
    length: str
    size: str
    kept_until: str
    state: Mark
    reason: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """A list's own page. `present`: the names of who counts as present now."""

    id: int
    basis: str
    reason: str
    made: str
    policy: str
    stage: Stage
    tag: Mark
    acts: tuple[ActLine, ...]
    left: tuple[str, ...]
    present: tuple[str, ...]
    counts: tuple[tuple[Mark, str], ...]
    open: int  # files that would be destroyed
    files: int
    left_out: int
    certificate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLine:
    """A legal hold."""

    id: int
    kind: str
    what: str
    link: str
    reason: str
    placed: str
    lifted: str
    in_force: bool


def list_line(words: Words, found: DestructionList, now: datetime) -> ListLine:
    """A row of the first page."""
    standing = left(found.standing, now)
    return ListLine(
        id=found.id, made=words.stamp(found.made_at), registrar=found.standing.by[Act.MAKE].name,
        basis=words.gettext(BASES[found.basis]), files=numerals.count(found.files),
        stage=mark(words, STAGES[found.standing.stage]),
        next=words.gettext(LEFT[standing[0]]) if standing else "", certificate=found.certificate,
    )  # fmt: skip


def list_view(words: Words, found: DestructionList, now: datetime) -> ListView:
    """A list's own page."""
    counts = found.counts
    return ListView(
        id=found.id, basis=words.gettext(BASES[found.basis]), reason=found.reason, made=words.moment(found.made_at),
        policy=found.policy, stage=found.standing.stage, tag=mark(words, STAGES[found.standing.stage]),
        acts=_acts(words, found, now), left=tuple(words.gettext(LEFT[each]) for each in left(found.standing, now)),
        present=tuple(f"{each.name} {each.login}" for each in found.standing.present_at(now)),
        counts=tuple(
            (mark(words, ITEM_STATES[state]), numerals.count(counts[state])) for state in ItemState if state in counts
        ),
        open=counts.get(ItemState.LISTED, 0) + counts.get(ItemState.BEGUN, 0), files=found.files,
        left_out=found.left_out, certificate=found.certificate,
    )  # fmt: skip


def _acts(words: Words, found: DestructionList, now: datetime) -> tuple[ActLine, ...]:
    """What was done, and empty places for the acts that are still missing."""
    done = [
        ActLine(
            role=words.gettext(ACTS[step.act]), who=step.person.name, login=step.person.login,
            at=words.stamp(step.at), note=step.note, done=True,
        )
        for step in found.steps
    ]  # fmt: skip
    missing = left(found.standing, now)
    roles = {Left.REVIEW: Act.REVIEW, Left.APPROVE: Act.APPROVE, Left.BEGIN: Act.BEGIN}
    wanted = [roles.get(each, Act.ATTEND) for each in missing]
    return (
        *done,
        *(ActLine(role=words.gettext(ACTS[act]), who="", login="", at="", note="", done=False) for act in wanted),
    )


def item_line(words: Words, item: Item) -> ItemLine:
    """A file on a list; its name is not told, which may hold a number."""
    return ItemLine(
        id=item.id, file=item.file_id, began=words.stamp(item.began_at),
        call=call_link(item.call_id) if item.call_id else "", call_id=item.call_id or "",
        length=numerals.clock(item.length_ms) if item.length_ms is not None else numerals.DASH,
        size=f"{item.size / 1_000_000:.1f} MB",
        kept_until=numerals.DASH if item.kept_until is None else f"{words.local(item.kept_until):%Y-%m-%d}",
        state=mark(words, ITEM_STATES[item.state]), reason=item.reason, sha256=item.sha256 or "",
    )  # fmt: skip


def hold_line(words: Words, hold: Hold) -> HoldLine:
    """A legal hold."""
    what, link = hold.target or "", ""
    if hold.kind is HoldKind.CALL and hold.target:
        link = call_link(hold.target)
    if hold.start and hold.end:
        what = f"{words.stamp(hold.start)} – {words.stamp(hold.end)}"
    lifted = ""
    if hold.lifted_at is not None:
        lifted = f"{words.stamp(hold.lifted_at)} {hold.lifted_by}: {hold.lift_reason}"
    return HoldLine(
        id=hold.id, kind=words.gettext(HOLD_KINDS[hold.kind]), what=what, link=link, reason=hold.reason,
        placed=f"{words.stamp(hold.placed_at)} {hold.placed_by}", lifted=lifted, in_force=hold.lifted_at is None,
    )  # fmt: skip


def hold_lines(words: Words, holds: Sequence[Hold]) -> list[HoldLine]:
    """Those in force first."""
    return [hold_line(words, each) for each in sorted(holds, key=lambda each: each.lifted_at is not None)]
