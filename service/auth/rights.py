"""Who may do what: rights, the roles that hold them, whom somebody sees, and the visitor of a request. Pure.

A right is asked for by name where something is shown or done; a role is only a set of rights to begin with. The roles
are those of docs/dashboard.md. Whom a visitor sees is apart from what he may: a group leader may hand over
follow-ups, of his own group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Right(StrEnum):
    """What somebody may see or do."""

    BOARD = "board"  # the shift now and the wallboard
    RECORDS = "records"  # agents, queues and calls of whom he sees
    FIGURES = "figures"  # minutes, three rings, reports
    NUMBERS = "numbers"  # customers' numbers and names whole; without it they are masked
    REVEAL = "reveal"  # to have one masked number shown for half a minute; each time is in the audit
    LISTEN = "listen"  # recordings of others
    HOLD = "hold"  # to place and lift legal holds on recordings
    DESTROY = "destroy"  # to take part in the destruction of recordings: list, review, be present
    DIRECT = "direct"  # to approve a destruction, as the director
    EXPORT = "export"  # figures and lists as files
    DESK = "desk"  # a desk of his own: his state, his calls, what he owes
    OUTCOMES = "outcomes"  # to record what came of a call or a follow-up
    DIAL = "dial"  # to have a call placed to what is owed
    PROMISES = "promises"  # follow-ups, coverage and campaigns of whom he sees
    HAND_OVER = "hand_over"  # to reschedule, hand over and close follow-ups of others
    CAMPAIGNS = "campaigns"  # to make, start and stop campaigns
    AGENTS = "agents"  # to pause agents, and put them in or out of queues
    SPY = "spy"  # to listen to and whisper into calls that go on
    HANG_UP = "hang_up"  # to end a call that goes on
    CUSTOMERS = "customers"  # the register of customers
    QUALITY = "quality"  # samples and scorecards of whom he sees; never to mark his own group
    SERVICE_LOG = "service_log"  # sheets of the codes that he sees
    CLOSE = "close"  # to sign off exemptions, answer objections, close months
    AUDIT = "audit"  # who looked at, listened to, exported or changed what
    POLICY = "policy"  # the centre's rules in words
    PEOPLE = "people"  # accounts and their rights
    SETTINGS = "settings"  # PBXs and the first start


class Role(StrEnum):
    """What somebody is in the centre."""

    AGENT = "agent"
    LEADER = "leader"  # of a group
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"  # of quality
    AUDITOR = "auditor"
    READER = "reader"  # of service logs by code
    ADMINISTRATOR = "administrator"


_LEADER = frozenset(
    {
        Right.BOARD, Right.RECORDS, Right.FIGURES, Right.PROMISES, Right.HAND_OVER, Right.OUTCOMES, Right.AGENTS,
        Right.CUSTOMERS, Right.POLICY, Right.REVEAL, Right.QUALITY,
    }
)  # fmt: skip
_SUPERVISOR = _LEADER | {
    Right.NUMBERS, Right.LISTEN, Right.EXPORT, Right.CAMPAIGNS, Right.SPY, Right.HANG_UP, Right.SERVICE_LOG,
    Right.CLOSE, Right.DIAL, Right.HOLD,
}  # fmt: skip

RIGHTS_OF: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.AGENT: frozenset({Right.DESK, Right.OUTCOMES, Right.DIAL}),
        Role.LEADER: _LEADER,
        Role.SUPERVISOR: _SUPERVISOR,
        Role.INSPECTOR: frozenset({Right.QUALITY, Right.LISTEN}),
        Role.AUDITOR: frozenset({Right.AUDIT, Right.RECORDS, Right.POLICY}),
        Role.READER: frozenset({Right.SERVICE_LOG}),
        Role.ADMINISTRATOR: frozenset({Right.BOARD, Right.PEOPLE, Right.SETTINGS, Right.POLICY, Right.AUDIT}),
    }
)
"""What a role holds before anything is granted or withheld by name."""

EVERY_RIGHT = frozenset(Right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whom somebody sees. Empty groups, queues and so on see nobody; `everything` sees the centre."""

    everything: bool = False
    agents: frozenset[str] = frozenset()  # agents' ids, by name: an agent's own
    groups: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()  # service codes


EVERYBODY = Sight(everything=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks: known by an account and a session, or let in where nobody has an account yet."""

    account: int | None  # None where nobody is asked who he is
    login: str
    name: str
    role: Role
    rights: frozenset[Right]
    sight: Sight
    agent: str | None = None  # the agent that this person is
    language: str | None = None  # in which he reads, where he has chosen
    session: str = ""  # the id of his session
    proof: str = field(repr=False)  # stands in every form of a page of ours; another site cannot read it

    def may(self, right: str) -> bool:
        """Whether he holds a right, by its name."""
        return Right(right) in self.rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Whom a visitor sees at an instant, his groups resolved to their agents."""

    everything: bool = False
    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()  # service codes whose recordings he may hear, where he may hear any

    def agent(self, agent: str) -> bool:
        """Whether he sees what this agent did."""
        return self.everything or agent in self.agents

    def queue(self, queue: str) -> bool:
        """Whether he sees this queue."""
        return self.everything or queue in self.queues

    def call(self, agents: Iterable[str], queues: Iterable[str]) -> bool:
        """Whether he sees a call: one of its agents or queues is his to see."""
        return self.everything or not self.agents.isdisjoint(agents) or not self.queues.isdisjoint(queues)

    def recording(self, agents: Iterable[str], queues: Iterable[str], code: str | None) -> bool:
        """Whether he sees the recordings of a call: as the call itself, or by its service code."""
        return self.call(agents, queues) or code in self.codes


ALL_SEEN = Seen(everything=True)
