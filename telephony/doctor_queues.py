"""Questions about queues: members, how long they are rung, how callers leave; no IO."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from telephony import doctor_lines as lines
from telephony.doctor_answers import Answers, Member, Seen
from telephony.doctor_findings import Expectations, Finding, Severity, cli, ok, unknown
from telephony.doctor_lines import DIALPLAN_FILE, Flavour

GREP_TIMEOUT = "grep -n timeout /etc/asterisk/queues*.conf"
QUEUES_FILE = "/etc/asterisk/queues.conf"
# An agent who declines late looks like a time-out; this many rings are no coincidence.
ENOUGH_RINGS = 3


def queue_findings(answers: Answers, seen: Seen, expected: Expectations) -> Iterator[Finding]:
    """Members, ring time, exits."""
    yield from _members(answers)
    yield from _ring_time(seen, expected)
    if expected.hookup.flavour is Flavour.PLAIN:
        yield _queue_exits(seen)


def _members(answers: Answers) -> Iterator[Finding]:
    members = answers.members
    if members is None:
        found = "QueueStatus refused"
        yield unknown("members", "queues and members", found, "a list", cli("queue show"))
        return
    local = [member for member in members if member.interface.startswith("Local/")]
    if local:
        yield from _local_members(local)
    else:
        found = f"{len(members)} members, none behind a Local channel"
        yield ok("members_local", "queue members", found, "any")
    nameless = [member for member in members if member.name in ("", member.interface)]
    if nameless:
        yield Finding(
            severity=Severity.NOTE,
            code="members_nameless",
            what="members without a name: events and queue_log show the interface instead",
            found=_some(nameless),
            expected="a name for each member",
        )


def _local_members(local: list[Member]) -> Iterator[Finding]:
    yield Finding(
        severity=Severity.NOTE,
        code="members_local",
        what="members behind Local channels: the queue sees no transfer, so AgentComplete and queue_log "
        "credit the first agent with the second one's time; our minutes come from bridges and do not",
        found=_some(local),
        expected="any",
    )
    blind = [member for member in local if member.state_interface in ("", member.interface)]
    if blind:
        yield Finding(
            severity=Severity.WARNING,
            code="members_stateless",
            what="Local members without a state interface: the queue rings agents who are on the phone",
            found=_some(blind),
            expected="a hint as state interface",
            lines_to_add=tuple(
                f"member => {member.interface},0,{member.name},hint:EXTEN@CONTEXT" for member in blind[:3]
            ),
            file=QUEUES_FILE,
        )


def _ring_time(seen: Seen, expected: Expectations) -> Iterator[Finding]:
    limit = expected.three_rings
    what, wanted = "how long a queue rings an agent", f"three rings: {limit.total_seconds():.3f} s"
    if not seen.given_up:
        found = "no unanswered ring was seen, and no action tells it"
        yield unknown("ring_time", what, found, wanted, GREP_TIMEOUT)
    for queue, rings in sorted(seen.given_up.items()):
        longest = max(rings)
        found = f"queue {queue}: {longest.total_seconds():.3f} s, the longest of {len(rings)} unanswered"
        if longest >= limit:
            yield ok("ring_time", what, found, wanted)
        elif len(rings) < ENOUGH_RINGS:
            yield unknown("ring_time", what, found, wanted, GREP_TIMEOUT)
        else:
            yield _short_ring(queue, found, wanted, limit)


def _short_ring(queue: str, found: str, wanted: str, limit: timedelta) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="ring_time",
        what="agents of this queue count as not answering before three rings are over",
        found=found,
        expected=wanted,
        lines_to_add=(f"[{queue}](+)", f"timeout = {-(-limit // timedelta(seconds=1))}"),
        file=QUEUES_FILE,
    )


def _queue_exits(seen: Seen) -> Finding:
    what, wanted = "how callers left a queue", "UserEvent QueueExit after Queue()"
    if seen.queue_exits:
        return ok("queue_exit", what, f"{seen.queue_exits} QueueExit events", wanted)
    return Finding(
        severity=Severity.WARNING if seen.queue_leaves else Severity.CANNOT_TELL,
        code="queue_exit",
        what=f"{what}: without it time-out and abandon are told apart by the hang-up only",
        found=f"no QueueExit event, while {seen.queue_leaves} callers left a queue",
        expected=wanted,
        lines_to_add=lines.queue_exit_lines(),
        file=DIALPLAN_FILE[Flavour.PLAIN],
        command=None if seen.queue_leaves else cli("dialplan show"),
    )


def _some(members: list[Member]) -> str:
    shown = ", ".join(sorted({member.interface for member in members})[:3])
    return f"{len(members)}, as {shown}"
