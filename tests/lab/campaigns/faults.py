"""What befalls a campaign, at seeded moments: each fault is done, mended, and dialling must go on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.lab.campaigns.matching import PROVIDER
from tests.lab.campaigns.stage import Stage
from tests.lab.faults.machines import Service, wait_until

PAUSE = (2.0, 8.0)  # seconds of calls before a fault
LASTS = (0.3, 4.0)
RESTORE = (4.0, 12.0)  # seconds of calls between a backup and the end of what is put back
PATIENCE = 300.0  # seconds until a customer is called again; four processes start within it, on a busy machine


class Fault(StrEnum):
    """What is done to a campaign."""

    ALL_KILLED = "listener and scheduler killed"
    SCHEDULER_KILLED = "scheduler killed"
    LISTENER_KILLED = "listener killed"
    PBX_RESTARTED = "pbx restarted"
    PBX_KILLED = "pbx killed"
    DATABASE_STOPPED = "database stopped"
    RESTORED = "backup restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A fault to come: after so many seconds of calls, for so long."""

    fault: Fault
    after: float
    lasts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Befallen:
    """A fault that was. Epoch seconds: when it was done, when mended; seconds until the next call was dialled."""

    fault: Fault
    at: float
    mended: float
    silent_for: float | None


def draw(seed: int, count: int, faults: Sequence[Fault]) -> list[Plan]:
    """Faults at random moments; each comes before one comes again."""
    chance = random.Random(f"campaign faults {seed}")
    plans: list[Plan] = []
    bag: list[Fault] = []
    while len(plans) < count:
        bag = bag or chance.sample(list(faults), len(faults))
        plans.append(Plan(fault=bag.pop(), after=chance.uniform(*PAUSE), lasts=chance.uniform(*LASTS)))
    return plans


class Injector:
    """Does what is planned, one fault after the other. `keep`: called before what is known is put back to a backup."""

    def __init__(self, stage: Stage, seed: int, keep: Callable[[], None]) -> None:
        self._stage, self._keep = stage, keep
        self._chance = random.Random(f"campaign restore {seed}")

    def do(self, plan: Plan) -> Befallen:
        """One fault, until it is mended and calls are dialled again."""
        time.sleep(plan.after)
        at = self._befall(plan)
        mended = time.time()
        try:
            wait_until(lambda: self._first_call(mended) is not None, "calls are dialled again", PATIENCE)
        except TimeoutError:
            return Befallen(fault=plan.fault, at=at, mended=mended, silent_for=None)
        again = self._first_call(mended)
        return Befallen(fault=plan.fault, at=at, mended=mended, silent_for=None if again is None else again - at)

    def _befall(self, plan: Plan) -> float:
        stage, at = self._stage, time.time()
        match plan.fault:
            case Fault.ALL_KILLED:
                self._killed(list(stage.services.values()), plan.lasts)
            case Fault.SCHEDULER_KILLED:
                self._killed([stage.role("schedule")], plan.lasts)
            case Fault.LISTENER_KILLED:
                self._killed([stage.role("listen")], plan.lasts)
            case Fault.PBX_RESTARTED:
                at = stage.pbx.restart("core restart now")
            case Fault.PBX_KILLED:
                at = stage.pbx.kill()
                time.sleep(plan.lasts)
                stage.pbx.start()
            case Fault.DATABASE_STOPPED:
                assert stage.database is not None, "a fault of the database needs PostgreSQL"
                stage.database.stop()
                time.sleep(plan.lasts)
                stage.database.start()
            case Fault.RESTORED:
                at = self._restored()
        return at

    def _killed(self, services: Sequence[Service], lasts: float) -> None:
        for service in services:
            service.kill()
        time.sleep(lasts)
        for service in services:
            service.start()

    def _restored(self) -> float:
        """A backup, calls after it, then all is killed and put back to it."""
        stage = self._stage
        folder = stage.out / "backups" / f"{time.time():.0f}"
        folder.mkdir(parents=True)
        stage.command("backup", str(folder))
        time.sleep(self._chance.uniform(*RESTORE))
        at = time.time()
        for service in stage.services.values():
            service.kill()
        self._keep()
        (archive,) = folder.iterdir()
        stage.command("restore", str(archive), "--replace", "--yes")
        for service in stage.services.values():
            service.start()
        return at

    def _first_call(self, since: float) -> float | None:
        """When a customer's phone was called first after an instant, of the calls that are over."""
        told = (leg.invite for leg in self._stage.crowd.legs() if leg.phone == PROVIDER and leg.invite > since)
        return min(told, default=None)
