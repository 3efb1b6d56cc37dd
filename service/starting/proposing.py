"""What calls have shown of a centre and its settings do not say yet: trunks, lines, queues, people, hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from analytics.metrics.periods import Period, custom_period
from analytics.people.store import load_agent_periods, load_assignments
from analytics.setup.proposals import Proposals
from analytics.setup.proposals import propose as propose_rows
from analytics.setup.reading import load_sightings
from analytics.setup.sightings import Sightings
from config.people import DevicePeriod
from config.policies import Policy
from config.settings import Settings
from service.pipeline.analysis import journal_folder
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.journal.reader import list_pbxs, read
from telephony.trunk_sightings import TrunkFinder, TrunkSighting

LOOKED_AT = timedelta(weeks=13)
TRUNKS_LOOKED_AT = timedelta(days=2)
"""Of the journal: two days of calls show every trunk that is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxTrunks:
    """A PBX's peers that look like trunks and that its `trunks` do not cover; `known` are those patterns."""

    pbx: str
    known: tuple[str, ...]
    found: tuple[TrunkSighting, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What `trunks` should hold."""
        return (*self.known, *(each.peer for each in self.found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What was seen, and what of it could be added."""

    seen: Sightings
    found: Proposals
    trunks: tuple[PbxTrunks, ...] = ()


def propose(settings: Settings, policy: Policy, engine: Engine, now: datetime, period: Period | None) -> Proposed:
    """What could be added to the policy and the settings. Default period: the last thirteen weeks.

    Raises SQLAlchemyError, JournalError.
    """
    wanted = period or custom_period(now - LOOKED_AT, now, policy.zone)
    with engine.connect() as connection:
        seen = load_sightings(connection, wanted.start_us, wanted.end_us)
        found = propose_rows(seen, _with_people(policy, connection), now)
    return Proposed(seen=seen, found=found, trunks=tuple(_trunks(settings, now)))


def _trunks(settings: Settings, now: datetime) -> Iterable[PbxTrunks]:
    folder = journal_folder(settings.data_dir)
    journals = list_pbxs(folder) if folder.is_dir() else ()
    for pbx in settings.pbxs:
        if pbx.name not in journals:
            continue
        finder = TrunkFinder(pbx.trunks or DEFAULT_TRUNKS)
        finder.read(read(folder, pbx.name, since=now - TRUNKS_LOOKED_AT))
        if found := finder.found():
            # By the default rule a peer with "trunk" in its name is one: said together with what is found.
            yield PbxTrunks(pbx=pbx.name, known=pbx.trunks or DEFAULT_TRUNKS, found=found)


def _with_people(policy: Policy, connection: Connection) -> Policy:
    """The policy with the people of the store, where it has any: they are known too."""
    agents = load_agent_periods(connection)
    devices = tuple(
        DevicePeriod(interface=each.interface, agent=each.agent, start=each.valid_from, end=each.valid_to)
        for each in load_assignments(connection)
    )
    return replace(policy, agents=agents or policy.agents, devices=(*policy.devices, *devices))
