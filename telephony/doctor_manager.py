"""Questions about the manager's user, the events' times and the version; no IO."""

from __future__ import annotations

from collections.abc import Iterator

from telephony import doctor_lines as lines
from telephony.doctor_answers import Answers, Seen
from telephony.doctor_findings import Expectations, Finding, Severity, cli, ok, unknown
from telephony.doctor_lines import MANAGER_FILE

# What each read class is for. `user` and `dtmf` may well be silent on a PBX that works.
READ_CLASSES = {
    "call": "calls, bridges, ringing, hold, transfers",
    "agent": "queues and their members",
    "cdr": "voicemail and the PBX's own claims",
    "user": "how callers left a queue",
    "dtmf": "menu choices",
}
OLDEST_MAJOR = 16
# Each of them lets the listener ask which calls are up, after a gap.
ASKING = frozenset({"reporting", "system"})


def manager_findings(answers: Answers, seen: Seen, expected: Expectations) -> Iterator[Finding]:
    """Version, rights, time stamps, clocks."""
    yield from _version(answers)
    yield from _write_classes(answers, expected)
    yield from _read_classes(seen, expected)
    yield _timestamps(seen, expected)
    yield _clock(answers, expected)
    yield _write_timeout(expected)


def _version(answers: Answers) -> Iterator[Finding]:
    version = answers.version
    what, expected = "Asterisk version", f"{OLDEST_MAJOR} or newer"
    if version is None:
        found = (answers.settings or {}).get("AsteriskVersion") or f"not told ({answers.banner})"
        yield unknown("version", what, found, expected, cli("core show version"))
        return
    yield Finding(
        severity=Severity.WARNING if version[0] < OLDEST_MAJOR else Severity.OK,
        code="version",
        what=what,
        found=".".join(map(str, version)),
        expected=expected,
    )


def _write_classes(answers: Answers, expected: Expectations) -> Iterator[Finding]:
    classes = answers.write_classes
    if classes is None:
        command = cli(f"manager show user {expected.hookup.user}")
        found = "ListCommands refused"
        yield unknown("write_classes", "write classes of the user", found, lines.WRITE, command)
        return
    needless = classes - {"reporting"}
    if not classes & ASKING:
        what = "the listener may not ask which calls are up after a gap"
        yield _other_write(Severity.WARNING, "write_reporting", what, classes, expected)
    if needless:
        what = "the listener may do more than listen"
        yield _other_write(Severity.WARNING, "write_needless", what, classes, expected)
    if classes == {"reporting"}:
        yield ok("write_classes", "write classes of the user", "reporting", lines.WRITE)


def _other_write(
    severity: Severity, code: str, what: str, classes: frozenset[str], expected: Expectations
) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        what=what,
        found=", ".join(sorted(classes)) or "none",
        expected=lines.WRITE,
        lines_to_add=(f"write = {lines.WRITE}",),
        file=MANAGER_FILE[expected.hookup.flavour],
    )


def _read_classes(seen: Seen, expected: Expectations) -> Iterator[Finding]:
    command = cli(f"manager show user {expected.hookup.user}")
    yield _read_system(seen, expected)
    for name, use in READ_CLASSES.items():
        what = f"read class {name} ({use})"
        if seen.classes[name]:
            yield ok(f"read_{name}", what, f"{seen.classes[name]} events", "events")
        else:
            found = f"none among {seen.events} events"
            yield unknown(f"read_{name}", what, found, f"read = {lines.READ}", command)


def _read_system(seen: Seen, expected: Expectations) -> Finding:
    """The one class that shows at once: FullyBooted follows the login of those who have it."""
    what, wanted = "read class system (restarts, registrations)", f"read = {lines.READ}"
    if seen.classes["system"]:
        return ok("read_system", what, "FullyBooted came", wanted)
    return Finding(
        severity=Severity.WARNING,
        code="read_system",
        what=what,
        found="no FullyBooted after the login",
        expected=wanted,
        lines_to_add=(f"read = {lines.READ}",),
        file=MANAGER_FILE[expected.hookup.flavour],
    )


def _timestamps(seen: Seen, expected: Expectations) -> Finding:
    what, wanted = "time of each event (timestampevents)", "a Timestamp on every event"
    if seen.unstamped:
        return Finding(
            severity=Severity.ERROR,
            code="timestampevents",
            what=what,
            found=f"{seen.unstamped} of {seen.stamped + seen.unstamped} events without one",
            expected=wanted,
            lines_to_add=lines.general_lines(expected.hookup.flavour),
            file=MANAGER_FILE[expected.hookup.flavour],
        )
    if seen.stamped:
        return ok("timestampevents", what, f"on {seen.stamped} events", wanted)
    return unknown("timestampevents", what, "no event came", wanted, cli("manager show settings"))


def _clock(answers: Answers, expected: Expectations) -> Finding:
    what, limit = "the PBX's clock against ours", f"within {expected.max_skew.total_seconds():.3f} s"
    if answers.skew is None:
        return unknown("clock", what, "no Timestamp in the answer to Ping", limit, "date -u +%s.%N")
    apart = abs(answers.skew) - answers.skew_error > expected.max_skew
    skew, error = answers.skew.total_seconds(), answers.skew_error.total_seconds()
    return Finding(
        severity=Severity.ERROR if apart else Severity.OK,
        code="clock",
        what=what,
        found=f"{skew:+.3f} s (give or take {error:.3f})",
        expected=limit,
        command="timedatectl set-ntp true" if apart else None,
    )


def _write_timeout(expected: Expectations) -> Finding:
    """No action and no command tells it: only the file."""
    return Finding(
        severity=Severity.CANNOT_TELL,
        code="writetimeout",
        what="patience of the PBX with a slow reader (FreePBX gives its own users 100 ms)",
        found="not shown by any action or command",
        expected=f"writetimeout = {lines.WRITE_TIMEOUT_MS}",
        lines_to_add=(f"writetimeout = {lines.WRITE_TIMEOUT_MS}",),
        file=MANAGER_FILE[expected.hookup.flavour],
        command="grep -n writetimeout /etc/asterisk/manager*.conf",
    )
