"""`threerings reconcile`."""

from __future__ import annotations

from pathlib import Path

from telephony.pbxlogs.rows import LogKind
from tests.service.cli.running import Commands
from tests.service.test_reconciling import cut
from tests.telephony.calls.streams import CAPTURES
from tests.telephony.pbxlogs.captured import log_of


def test_the_command_tells_calls_and_what_was_believed(threerings: Commands, tmp_path: Path) -> None:
    """Calls on standard output, known as observed or repaired; the accounts beside them."""
    folder = CAPTURES / "plain-22"
    stream = cut(folder, tmp_path, 1, places=True)
    arguments = ["reconcile", "--ami", str(stream), "--calls", "--json"]
    for kind in LogKind:
        arguments += [f"--{kind.value.replace('_', '-')}", str(log_of(folder, kind.value))]
    done = threerings(*arguments)
    calls = done.lines
    assert len(calls) == 113
    assert {call["known"] for call in calls} == {"observed", "repaired"}
    assert "rebuilt" in done.err
    assert "182 rows" in done.err


def test_the_command_wants_a_log(threerings: Commands) -> None:
    """Without one there is nothing to reconcile with."""
    done = threerings("reconcile", "--ami", str(CAPTURES / "plain-22" / "ami.jsonl.xz"))
    assert (done.status, done.out) == (2, "")
    assert "--cel" in done.err
