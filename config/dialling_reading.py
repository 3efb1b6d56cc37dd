"""Reads the [pbx.NAME.dialling] tables of threerings.toml."""

from __future__ import annotations

import re
from decimal import Decimal

from config.dialling import DEFAULT_NOTICE, Dialling, DialTrunk
from config.reading import Table
from config.showing import shown
from telephony.dialling.numbers import NumberForm, is_diallable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
# What Dial() would read as options, as a second device or as a variable is kept out.
_DIAL = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.:/@+*#-]*\{number\}[A-Za-z0-9_.:/@+*#-]*")
_DIAL_EXPECTED = "a dial string with {number} in it, such as PJSIP/{number}@trunk"
_SOUND = r"[A-Za-z0-9_./-]+"
MOST_PER_SECOND = 100


def read_dialling(pbx: Table) -> Dialling | None:
    """How calls are placed with this PBX; None where the table is missing."""
    table = pbx.table("dialling")
    if not isinstance(pbx.raw("dialling"), dict):
        return None
    if not pbx.has("actions"):
        pbx.note(
            "dialling", "it without actions", f"[{'.'.join(map(str, pbx.path))}.actions], the user that may dial"
        )
    plain = Dialling(trunks=())
    dialling = Dialling(
        trunks=_read_trunks(table),
        agent_ring=table.seconds("agent_ring_seconds", plain.agent_ring, low=5, high=120),
        notice=table.text("notice", DEFAULT_NOTICE, expected="a sound's name as Playback takes it", pattern=_SOUND),
    )
    table.done()
    return dialling


def _read_trunks(table: Table) -> tuple[DialTrunk, ...]:
    trunks = tuple(_read_trunk(name, each) for name, each in table.table("trunks").named_tables())
    if not trunks and not table.bad("trunks"):
        table.note("trunks", "none", "at least one trunk")
    return trunks


def _read_trunk(name: str, table: Table) -> DialTrunk:
    if not _NAME.fullmatch(name):
        table.document.note(table.path, "this name", "a name of up to 32 letters, digits, dots, dashes")
    if not table.has("channels"):
        table.note("channels", "nothing", "how many calls of ours it may carry at once")
    trunk = DialTrunk(
        name=name,
        dial=table.required("dial", expected=_DIAL_EXPECTED, pattern=_DIAL.pattern),
        channels=table.integer("channels", 1, low=1, high=10_000),
        per_second=_per_second(table),
        ring=table.seconds("ring_seconds", DialTrunk(name="", dial="", channels=1).ring, low=5, high=180),
        caller_id=table.checked("caller_id", "", is_diallable, "a number: digits, perhaps with a plus first"),
        number=table.choice("number", NumberForm.NATIONAL),
        prefix=table.text("prefix", "", expected="digits, * or #", pattern=r"[0-9*#]+"),
    )
    table.done()
    return trunk


def _per_second(table: Table) -> float:
    value = table.raw("per_second")
    if value is None:
        return 1.0
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 < value <= MOST_PER_SECOND:
        return float(value)
    table.note("per_second", shown(value), f"a number above 0, up to {MOST_PER_SECOND}")
    return 1.0
