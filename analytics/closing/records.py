"""What is on record of a month, as plain values: issued reports, objections, exemptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analytics.closing.states import ExemptionState, ObjectionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issued report without its figures. Objections may be raised until before `objections_until`."""

    id: int
    report: str
    period: str
    start: datetime
    end: datetime
    zone: str
    groups: tuple[str, ...]
    number: int
    issued_at: datetime
    issued_by: str
    as_of: datetime
    objections_until: datetime
    policy: str
    policy_digest: str
    program: str
    sha256: str
    warnings: tuple[str, ...]
    reason: str | None
    supersedes: int | None
    signed_by: str | None
    signed_at: datetime | None
    sign_note: str | None
    in_spite: str | None

    @property
    def title(self) -> str:
        """How people name it."""
        return f"{self.report} {self.period} {'+'.join(self.groups)} no. {self.number}".replace("  ", " ")


class Kind(StrEnum):
    """What is exempted."""

    OFFERING = "offering"  # one ringing of one agent's phone
    CALL = "call"  # the call with all its offerings


class Reason(StrEnum):
    """Why."""

    PHONE_FAULT = "phone_fault"  # the phone did not ring or could not be answered
    TEST = "test"  # our own trial
    CRANK = "crank"  # a nuisance caller
    OTHER = "other"  # the text says what


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One exemption. `stored` tells whether its target is still there: a call that was rebuilt has other offerings."""

    id: int
    kind: Kind
    target_id: str
    target_at: datetime
    reason: Reason
    text: str
    state: ExemptionState
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    stored: bool

    @property
    def title(self) -> str:
        """How people name it."""
        return f"exemption {self.id} ({self.kind} {self.target_id})"


class About(StrEnum):
    """What an objection is about."""

    MINUTES = "minutes"  # the agent's phone minutes
    RINGS = "rings"  # an offering, or the three-ring rate
    CALL = "call"  # one call


REPORTS: Mapping[About, str | None] = {About.MINUTES: "minutes", About.RINGS: "three-rings", About.CALL: None}
"""The report whose issue opens the window; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One objection of an agent to a period's figures."""

    id: int
    agent: str
    period: str
    start: datetime
    end: datetime
    about: About
    target_id: str | None
    text: str
    raised_at: datetime
    state: ObjectionState
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    exemption_id: int | None
    restatement_id: int | None

    @property
    def title(self) -> str:
        """How people name it."""
        return f"objection {self.id} ({self.agent}, {self.period})"
