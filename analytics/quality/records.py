"""What is on record of listening to samples, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from analytics.quality.automatic import Verdict
from analytics.quality.drawing import Ask
from config.quality import Automatic, Quality, Replacement


class SampleState(StrEnum):
    """How far listening to a sample is."""

    OPEN = "open"  # nobody has submitted a card
    SCORED = "scored"
    REPLACED = "replaced"  # another one was taken in its place, or none was left


class CardKind(StrEnum):
    """What a card is for."""

    MARK = "mark"  # the first of its sample
    CORRECTION = "correction"  # in the place of an earlier one
    CALIBRATION = "calibration"  # a second inspector's, to compare; it counts for no mark


class ReplyKind(StrEnum):
    """What an agent says to a card."""

    REPLY = "reply"  # for the record
    APPEAL = "appeal"  # another person decides


class AppealState(StrEnum):
    """How an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"  # a card in the place of the first counts
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A week's draw. Before it is drawn only the commitment is told: `random` and all below are None."""

    week: str
    start: datetime
    end: datetime
    commitment: str
    committed_at: datetime
    random: str | None = None
    drawn_at: datetime | None = None
    drawn_by: str | None = None
    seed: str | None = None
    pool_digest: str | None = None
    asks: tuple[Ask, ...] = ()
    candidates: int | None = None
    form_digest: str | None = None
    policy_digest: str | None = None

    @property
    def committed_late(self) -> bool:
        """Whether the week was over when its random was committed to: the service was off all the while."""
        return self.committed_at >= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A talk that is to be listened to, or was."""

    id: int
    week: str
    month: str
    talk_id: str
    call_id: str
    file_id: int
    agent: str
    group: str | None
    started_at: datetime
    length_ms: int
    stratum: str
    inspector: str | None
    drawn_at: datetime
    state: SampleState
    replaces: int | None = None
    reason: Replacement | None = None
    reason_text: str | None = None
    replaced_by: str | None = None
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A criterion's mark on a card."""

    criterion: str
    mark: int
    weight: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an inspector said of a proposal: `holds` None says nothing."""

    item: Automatic
    verdict: Verdict
    figure: int | None
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A submitted scorecard: never changed."""

    id: int
    sample_id: int
    kind: CardKind
    corrects: int | None
    inspector: str
    submitted_at: datetime
    reply_until: datetime  # not included
    appeal_until: datetime  # not included
    form: Quality
    form_digest: str
    policy_digest: str
    points_c: int
    mark_c: int
    critical: bool
    passed: bool
    summary: str
    lines: tuple[Line, ...] = ()
    criticals: tuple[str, ...] = ()
    automatic: tuple[Said, ...] = ()

    def line(self, criterion: str) -> Line | None:
        """The line of a criterion."""
        return next((each for each in self.lines if each.criterion == criterion), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an inspector pinned to an instant of the file."""

    id: int
    sample_id: int
    at_ms: int
    text: str
    criterion: str | None
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the agent says to a card; of an appeal, how it was decided."""

    id: int
    card_id: int
    kind: ReplyKind
    agent: str
    by: str
    text: str
    made_at: datetime
    state: AppealState | None = None  # of an appeal
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None  # the reason that was given
    decided_card: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What is planned after a week, by hand. `agent` None: for all."""

    id: int
    week: str
    agent: str | None
    criterion: str | None
    text: str
    planned_on: date
    by: str
    made_at: datetime


def final_of(cards: tuple[Card, ...]) -> Card | None:
    """The card that counts: the newest that is no calibration."""
    return next((each for each in reversed(cards) if each.kind is not CardKind.CALIBRATION), None)
