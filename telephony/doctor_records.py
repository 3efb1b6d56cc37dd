"""Questions about recordings and the PBX's own logs; no IO."""

from __future__ import annotations

from collections.abc import Iterator

from telephony import doctor_lines as lines
from telephony.doctor_answers import RECORDING_VARIABLES, Answers, Seen
from telephony.doctor_findings import Expectations, Finding, Severity, cli, ok, unknown
from telephony.doctor_lines import DIALPLAN_FILE, MANAGER_FILE, Flavour


def record_findings(answers: Answers, seen: Seen, expected: Expectations) -> Iterator[Finding]:
    """Recordings if there are any, CDR, CEL."""
    if expected.recordings:
        yield _channel_variables(seen, expected)
        yield _recording_channels(answers, expected)
    yield _cdr(answers)
    yield from _cel(seen)


def _channel_variables(seen: Seen, expected: Expectations) -> Finding:
    what, wanted = "names of recordings in events (channelvars)", " or ".join(RECORDING_VARIABLES)
    known = [name for name in RECORDING_VARIABLES if seen.variables[name]]
    if known and seen.named == seen.recordings:
        return ok("channelvars", what, f"{', '.join(known)}; {seen.named} recordings named", wanted)
    if not seen.of_channels:
        command = cli("manager show settings")
        return unknown("channelvars", what, "no event of a channel came", wanted, command)
    flavour = expected.hookup.flavour
    return Finding(
        severity=Severity.WARNING,
        code="channelvars",
        what=what,
        found=f"{', '.join(sorted(seen.variables)) or 'no variable on any event'}; "
        f"{seen.recordings - seen.named} of {seen.recordings} recordings without a name",
        expected=wanted,
        lines_to_add=lines.general_lines(flavour),
        file=MANAGER_FILE[flavour],
    )


def _recording_channels(answers: Answers, expected: Expectations) -> Finding:
    what, wanted = "customer and agent recorded apart", "2 channels, or a file for each side"
    channels = expected.recording_channels
    mono = channels.count(1)
    if not channels:
        command = "soxi -c /var/spool/asterisk/monitor/*/*/*/*.wav"
        return unknown("recording_channels", what, "no recording was read", wanted, command)
    if not mono:
        return ok("recording_channels", what, f"2 channels in {len(channels)} files", wanted)
    plain = expected.hookup.flavour is Flavour.PLAIN
    major = answers.version[0] if answers.version else None
    return Finding(
        severity=Severity.NOTE,
        code="recording_channels",
        what=f"{what}: without it speech rate and talking over each other cannot be measured",
        found=f"{mono} of {len(channels)} files are mono",
        expected=wanted,
        lines_to_add=lines.stereo_lines(major) if plain else (),
        file=DIALPLAN_FILE[Flavour.PLAIN] if plain else None,
    )


def _cdr(answers: Answers) -> Finding:
    what = "call detail records, to repair calls that a gap touched"
    value = (answers.settings or {}).get("CoreCDRenabled")
    if value is None:
        return unknown("cdr", what, "not told", "Logging: Enabled", cli("cdr show status"))
    if value == "Yes":
        return ok("cdr", what, value, "Yes")
    return Finding(
        severity=Severity.WARNING,
        code="cdr",
        what=what,
        found=value,
        expected="Yes",
        lines_to_add=("[general]", "enable = yes", "unanswered = yes"),
        file="/etc/asterisk/cdr.conf",
    )


def _cel(seen: Seen) -> Iterator[Finding]:
    what = "channel event logging, to repair calls that a gap touched"
    count = seen.names["CEL"]
    if not count:
        found = "not in the stream, nor need it be"
        yield unknown("cel", what, found, "CEL Logging: Enabled", cli("cel show status"))
        return
    yield ok("cel", what, f"{count} CEL events in the stream", "enabled")
    yield Finding(
        severity=Severity.NOTE,
        code="cel_in_ami",
        what="CEL goes to managers too: a quarter of the stream, and read from the file only",
        found="cel_manager enabled",
        expected="CEL in a file or a database",
        lines_to_add=("[manager]", "enabled = no"),
        file="/etc/asterisk/cel.conf",
    )
