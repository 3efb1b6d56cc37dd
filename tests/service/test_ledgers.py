"""The ledgers of gaps as figures see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.secrets import SecretSource
from config.settings import ManagerLogin, PbxSettings, Settings
from service.ledgers import Ledgers
from service.pipeline.gaps import Gap, GapLedger, GapReason, ledger_path
from telephony.clock import to_microseconds

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)


def line(seq: int, start: int, end: int, why: GapReason = GapReason.LOST, ahead: int = 0) -> Gap:
    """A gap of so many seconds after noon."""
    return Gap(
        pbx="main",
        start=NOON + timedelta(seconds=start),
        end=NOON + timedelta(seconds=end),
        why=why,
        detail="",
        seq=seq,
        ahead=timedelta(seconds=ahead),
    )


def us(seconds: int) -> int:
    """So many seconds after noon, in microseconds."""
    return to_microseconds(NOON + timedelta(seconds=seconds))


def test_gaps_are_told_cut_to_the_stretch_and_anew_when_one_is_added(tmp_path: Path) -> None:
    """By the PBX's clock; a jump of our own clock is none."""
    login = ManagerLogin(user="u", secret=SecretSource(key="k", env="E"))
    settings = Settings(data_dir=tmp_path, pbxs=(PbxSettings(name="main", host="h", login=login),))
    ledgers = Ledgers(settings)
    assert ledgers.within(us(0), us(100)) == []
    path = ledger_path(tmp_path, "main")
    path.parent.mkdir(parents=True, exist_ok=True)
    ledger = GapLedger("main", path)
    ledger.add(line(1, 10, 20))
    ledger.add(line(2, 30, 40, GapReason.CLOCK))
    assert ledgers.within(us(15), us(100)) == [(us(15), us(20))]
    ledger.add(line(3, 50, 60, ahead=5))
    assert ledgers.within(us(0), us(57)) == [(us(10), us(20)), (us(55), us(57))]
    assert ledgers.within(us(70), us(100)) == []
