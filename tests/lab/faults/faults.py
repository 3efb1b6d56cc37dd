"""The faults, their seeded order and moments, and what the ledger of gaps must say of each."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tests.lab.faults.machines import Database, Pbx, Service
from tests.lab.faults.proxy import ManagerProxy

PAUSE = (3.0, 14.0)  # seconds between the beginnings of two faults
BEFORE = 16.0  # the last word may be a ping's time older than the fault
LATE = 2.5  # seconds by which the ledger may begin a gap too late


class FaultKind(StrEnum):
    """What is done."""

    LISTENER_KILLED = "listener killed"
    SOCKET_CUT = "socket cut"
    SOCKET_DEAD = "socket dead"  # silent, without an end
    SOCKET_HELD = "socket held"  # nothing for a while, then all of it: no gap
    PBX_RESTARTED = "pbx restarted now"
    PBX_GRACEFUL = "pbx restarted gracefully"
    PBX_STOPPED = "pbx stopped gracefully"
    PBX_KILLED = "pbx killed"
    DATABASE_STOPPED = "database stopped"  # no gap either: facts wait in the journal


DEAFENING = frozenset(FaultKind) - {FaultKind.SOCKET_HELD, FaultKind.DATABASE_STOPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A fault to come: so many seconds after the one before began, for so long."""

    kind: FaultKind
    after: float
    lasts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault that was: from when, and when what it had broken was there again."""

    kind: FaultKind
    at: float
    mended: float


def draw(seed: int, count: int, kinds: Sequence[FaultKind]) -> list[Plan]:
    """Faults at random moments; each kind comes before one comes again."""
    chance = random.Random(f"faults {seed}")
    plans: list[Plan] = []
    bag: list[FaultKind] = []
    while len(plans) < count:
        bag = bag or chance.sample(list(kinds), len(kinds))
        plans.append(Plan(kind=bag.pop(), after=chance.uniform(*PAUSE), lasts=chance.uniform(0.5, 8.0)))
    return plans


class Injector:
    """Does what is planned. Faults may overlap, but none befalls what another has just broken."""

    def __init__(self, pbx: Pbx, proxy: ManagerProxy, database: Database, service: Service) -> None:
        self.done: list[Fault] = []
        self.errors: list[str] = []
        self._pbx, self._proxy, self._database, self._service = pbx, proxy, database, service
        self._one_at_a_time = {name: threading.Lock() for name in ("listener", "socket", "pbx", "database")}

    def run(self, plans: Iterable[Plan], say: Callable[[str], None]) -> None:
        """All of them, at their moments; returns when the last is mended."""
        threads = []
        for plan in plans:
            time.sleep(plan.after)
            threads.append(threading.Thread(target=self._inject, args=(plan, say), daemon=True))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def _inject(self, plan: Plan, say: Callable[[str], None]) -> None:
        with self._one_at_a_time[plan.kind.value.split()[0]]:
            say(f"{plan.kind} for {plan.lasts:.1f} s")
            try:
                at = self._do(plan)
            except (Exception, SystemExit) as error:  # the run must end in a verdict, and say this
                self.errors.append(f"{plan.kind}: {error!r}")
                return
            self.done.append(Fault(kind=plan.kind, at=at, mended=time.time()))

    def _do(self, plan: Plan) -> float:
        at = time.time()
        match plan.kind:
            case FaultKind.LISTENER_KILLED:
                self._service.kill()
                time.sleep(plan.lasts)
                self._service.start()
            case FaultKind.SOCKET_CUT:
                self._proxy.cut()
            case FaultKind.SOCKET_DEAD:
                self._proxy.go_dead()
            case FaultKind.SOCKET_HELD:
                self._proxy.hold()
                time.sleep(plan.lasts)
                self._proxy.release()
            case FaultKind.PBX_RESTARTED:
                at = self._pbx.restart("core restart now")
            case FaultKind.PBX_GRACEFUL:
                at = self._pbx.restart("core restart gracefully")
            case FaultKind.PBX_STOPPED:
                at = self._pbx.stop_gracefully()
                time.sleep(plan.lasts)
                self._pbx.start()
            case FaultKind.PBX_KILLED:
                at = self._pbx.kill()
                time.sleep(plan.lasts)
                self._pbx.start()
            case FaultKind.DATABASE_STOPPED:
                self._database.stop()
                time.sleep(plan.lasts)
                self._database.start()
        return at


def missing_gaps(faults: Iterable[Fault], ledger: Iterable[dict[str, Any]]) -> list[str]:
    """The faults that no line of the ledger tells: one that begins with it, or before, and ends after it was mended."""
    lines = [(_epoch(line["from"]), _epoch(line["to"]) if line["to"] else float("inf")) for line in ledger]
    return [
        f"{fault.kind} at {_clock(fault.at)}, mended {_clock(fault.mended)}"
        for fault in faults
        if fault.kind in DEAFENING and not any(_tells(fault, start, end) for start, end in lines)
    ]


def unexplained_gaps(faults: Iterable[Fault], ledger: Iterable[dict[str, Any]]) -> list[str]:
    """The ledger's lines that begin with no fault."""
    moments = [(each.at - BEFORE, each.mended + LATE) for each in faults if each.kind in DEAFENING]
    return [
        f"{line['from']} to {line['to']}: {line['why']}"
        for line in ledger
        if not any(start <= _epoch(line["from"]) <= end for start, end in moments)
    ]


def _tells(fault: Fault, start: float, end: float) -> bool:
    return start <= fault.at + LATE and end >= fault.at and end >= fault.mended - LATE


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
