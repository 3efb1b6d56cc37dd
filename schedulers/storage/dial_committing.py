"""Committing attempts: the instant of dialling, at which every rule is asked once more, on rows read anew.

One transaction holds the row of each trunk that is concerned, so that the limits of a trunk hold for all schedulers
together; once it is committed, the PBX may have been asked, whatever happens to the scheduler.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, func, select, update

from schedulers.campaigns.pacing import rate_window
from schedulers.campaigns.records import Campaign, DialAttempt, Phase, Trunk, Why
from schedulers.followups.account import Account
from schedulers.storage import customers
from schedulers.storage.accounts import load_accounts
from schedulers.storage.campaign_models import campaigns, dial_attempts, dial_trunks
from schedulers.storage.campaign_rows import campaign_of
from schedulers.storage.dial_attempts import drop
from schedulers.storage.dial_reading import IS_LIVE, load_attempts
from schedulers.storage.dialect import dialect_for
from telephony.clock import to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a trunk permits."""

    channels: int
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """All that is asked of one attempt at the instant of dialling, as it was read in that transaction.

    account: None of a customer who is not known. campaign: None of a click.
    """

    attempt: DialAttempt
    campaign: Campaign | None
    account: Account | None
    trunk: Trunk


Permit = Callable[[Fresh], Why | None]
"""Why an attempt is not dialled at this instant; None where it is. Pure."""


Waits = Callable[[DialAttempt, Why], bool]
"""Whether an attempt that is not permitted now stays planned: its reason passes in a moment."""


def _never(attempt: DialAttempt, why: Why) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What became of attempts that were to be committed."""

    attempts: tuple[DialAttempt, ...] = ()  # may be sent now, each once
    dropped: tuple[tuple[DialAttempt, Why], ...] = ()  # or left as they are


@contextmanager
def durable(engine: Engine) -> Iterator[Connection]:
    """A transaction that a power cut does not lose once it is committed: an order may leave after it.

    Facts come again from the journal, so other transactions of SQLite need not wait for the disk.
    """
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        driver = connection.connection.cursor() if is_sqlite else None
        if driver is not None:
            driver.execute("PRAGMA synchronous = FULL")
        try:
            with connection.begin():
                if driver is None:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")
                yield connection
        finally:
            if driver is not None and not connection.invalidated:
                driver.execute("PRAGMA synchronous = NORMAL")


def commit(
    connection: Connection,
    ids: Collection[int],
    runner: str,
    now: datetime,
    permit: Permit,
    limits: Mapping[tuple[str, str], Limits],
    waits: Waits = _never,
) -> Committed:
    """Commit those planned attempts that are permitted, and drop the others with their reason: within `durable`.

    Of an attempt that another scheduler holds, that is planned no more, or that waits, nothing is changed.
    """
    told = load_attempts(connection, sorted(ids))
    trunks = _lock(connection, {(each.pbx, each.trunk) for each in told}, limits, now)
    fresh = load_attempts(connection, sorted(ids), to_change=True)
    of = {each.id: each for each in _load_campaigns(connection, fresh)}
    accounts = load_accounts(connection, {each.customer for each in fresh}, now, customers.load)
    taken: list[int] = []
    dropped: list[tuple[DialAttempt, Why]] = []
    for attempt in fresh:
        place = (attempt.pbx, attempt.trunk)
        told_of = Fresh(
            attempt=attempt,
            campaign=None if attempt.campaign is None else of.get(attempt.campaign),
            account=accounts.get(attempt.customer),
            trunk=trunks[place],
        )
        why = _lost(attempt, runner, now) or permit(told_of)
        if why is None:
            taken.append(attempt.id)
            trunks[place] = _one_more(trunks[place])
        else:
            dropped.append((attempt, why))
    for attempt, why in dropped:
        if _is_ours(attempt, runner) and not waits(attempt, why):
            drop(connection, [attempt.id], why, now)
    _take(connection, taken, runner, now)
    return Committed(attempts=load_attempts(connection, taken), dropped=tuple(dropped))


def count_trunk(connection: Connection, place: tuple[str, str], limits: Limits, now: datetime) -> Trunk:
    """What a trunk permits, and what goes on there: calls that may be up, and those of the last second."""
    table = dial_attempts.c
    here = and_(table.pbx == place[0], table.trunk == place[1])
    committed = table.committed_us.is_not(None)
    live = select(func.count()).select_from(dial_attempts).where(here, IS_LIVE, committed)
    since = table.committed_us > to_microseconds(now - rate_window(limits.per_second))
    lately = select(func.count()).select_from(dial_attempts).where(here, committed, since)
    return Trunk(
        pbx=place[0],
        name=place[1],
        channels=limits.channels,
        per_second=limits.per_second,
        live=connection.execute(live).scalar_one(),
        last_second=connection.execute(lately).scalar_one(),
    )


def _lock(
    connection: Connection,
    places: Iterable[tuple[str, str]],
    limits: Mapping[tuple[str, str], Limits],
    now: datetime,
) -> dict[tuple[str, str], Trunk]:
    """Each trunk, kept from others until the transaction ends; in order, so that no two wait for each other."""
    found: dict[tuple[str, str], Trunk] = {}
    for place in sorted(places):
        dialect_for(connection).add(connection, dial_trunks, [place])
        chosen = (dial_trunks.c.pbx == place[0], dial_trunks.c.trunk == place[1])
        connection.execute(select(dial_trunks).where(*chosen).with_for_update())
        found[place] = count_trunk(connection, place, limits.get(place, NO_TRUNK), now)
    return found


NO_TRUNK = Limits(channels=0, per_second=1)
"""Of a trunk that the settings have no more: no call goes there."""


def _load_campaigns(connection: Connection, attempts: Sequence[DialAttempt]) -> list[Campaign]:
    """Whoever stops one waits until these calls are committed, or they see that it is stopped."""
    ids = sorted({each.campaign for each in attempts if each.campaign is not None})
    wanted = select(campaigns).where(campaigns.c.id.in_(ids)).order_by(campaigns.c.id)
    return [campaign_of(row) for row in connection.execute(wanted.with_for_update(read=True))]


def _is_ours(attempt: DialAttempt, runner: str) -> bool:
    return attempt.phase is Phase.PLANNED and attempt.runner in {runner, ""}


def _lost(attempt: DialAttempt, runner: str, now: datetime) -> Why | None:
    """Whether another scheduler may have taken it up meanwhile."""
    is_late = attempt.lease_until is not None and attempt.lease_until <= now
    return None if _is_ours(attempt, runner) and not is_late else Why.LEASE_LOST


def _one_more(trunk: Trunk) -> Trunk:
    return Trunk(
        pbx=trunk.pbx,
        name=trunk.name,
        channels=trunk.channels,
        per_second=trunk.per_second,
        live=trunk.live + 1,
        last_second=trunk.last_second + 1,
    )


def _take(connection: Connection, ids: Sequence[int], runner: str, now: datetime) -> None:
    table = dial_attempts.c
    if ids:
        ours = update(dial_attempts).where(table.id.in_(ids))
        values = {"phase": Phase.COMMITTED.value, "runner": runner, "committed_us": to_microseconds(now)}
        connection.execute(ours.values(revision=table.revision + 1, **values))
