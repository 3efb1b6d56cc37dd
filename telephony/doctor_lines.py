"""The exact lines to add to a PBX's configuration; no IO.

Two users: the listener reads and can change nothing; actions (placing calls, pausing, listening in) have a user of
their own, which is printed as comments with the dialplan of placed calls, because it is off until the centre wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telephony.dialling.dialplan import context_lines

READ = "system,call,agent,user,cdr,dtmf"
WRITE = "reporting"
# Originate, QueuePause, and the lists of channels and of the dialplan; tried on 16.28 and 22.10. It reads no event.
WRITE_ACTIONS = "agent,originate,reporting"
# Hangup too. The class has Redirect and Setvar in it, so it is asked for only where the settings say hang_up = true.
WRITE_HANG_UP = "agent,call,originate,reporting"
# A slow moment of ours must not cost the connection: 100 ms is Asterisk's own default.
WRITE_TIMEOUT_MS = 5000
# MixMonitor itself sets the first one on the recorded channel, whatever the dialplan (16.28, 22.10).
CHANNEL_VARIABLES = {"plain": "MIXMONITOR_FILENAME", "freepbx": "MIXMONITOR_FILENAME,CALLFILENAME,FROM_DID"}
# More than half of a full stream, and nothing that is counted here.
NOISE = ("VarSet", "Newexten", "RTCPSent", "RTCPReceived")


class Flavour(StrEnum):
    """Who writes the PBX's configuration."""

    PLAIN = "plain"  # people, in files
    FREEPBX = "freepbx"  # FreePBX or Issabel; its own files are overwritten, *_custom.conf are ours


MANAGER_FILE = {
    Flavour.PLAIN: "/etc/asterisk/manager.conf",
    Flavour.FREEPBX: "/etc/asterisk/manager_custom.conf",
}
DIALPLAN_FILE = {
    Flavour.PLAIN: "/etc/asterisk/extensions.conf",
    Flavour.FREEPBX: "/etc/asterisk/extensions_custom.conf",
}
CDR_FILE = {
    Flavour.PLAIN: "/etc/asterisk/cdr.conf",
    Flavour.FREEPBX: "/etc/asterisk/cdr_general_custom.conf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hookup:
    """What the lines are for.

    address: where this service connects from, as Asterisk's `permit` wants it. major: Asterisk's.
    full: the listener must have class dialplan for another reason, so filter what is of no use. actions: calls are
    to be placed or people acted on, so the lines for that are no comments. hang_up: calls are to be ended too.
    """

    flavour: Flavour = Flavour.PLAIN
    user: str = "threerings"
    actions_user: str = "threerings-actions"
    address: str = "127.0.0.1/255.255.255.255"
    major: int = 22
    full: bool = False
    actions: bool = False
    hang_up: bool = False

    @property
    def write_actions(self) -> str:
        """The least classes of the user of actions."""
        return WRITE_HANG_UP if self.hang_up else WRITE_ACTIONS


def general_lines(flavour: Flavour) -> tuple[str, ...]:
    """What every event should carry: the time it was made, and the recording's name."""
    return ("[general](+)", "timestampevents = yes", f"channelvars = {CHANNEL_VARIABLES[flavour]}")


def filter_lines(major: int) -> tuple[str, ...]:
    """Filters for what is of no use, in the syntax of this version.

    The newer form is compared by name, not by a regular expression over the whole event; 16 takes it
    for an unknown option and filters nothing (tried on both).
    """
    if major >= 22:
        return tuple(f"eventfilter(action(exclude),name({name})) =" for name in NOISE)
    return tuple(f"eventfilter = !Event: {name}" for name in NOISE)


def user_lines(hookup: Hookup) -> tuple[str, ...]:
    """The listener: reads what is needed, changes nothing."""
    return (
        f"[{hookup.user}]",
        "secret = CHANGE-ME",
        "deny = 0.0.0.0/0.0.0.0",
        f"permit = {hookup.address}",
        f"read = {READ},dialplan" if hookup.full else f"read = {READ}",
        f"write = {WRITE}",
        f"writetimeout = {WRITE_TIMEOUT_MS}",
        *(filter_lines(hookup.major) if hookup.full else ()),
    )


def actions_user_lines(hookup: Hookup) -> tuple[str, ...]:
    """The user that may place calls, act on queues and listen in; where it is wanted, hang up. Reads no events."""
    return (
        f"[{hookup.actions_user}]",
        "secret = CHANGE-ME-TOO",
        "deny = 0.0.0.0/0.0.0.0",
        f"permit = {hookup.address}",
        "read =",
        f"write = {hookup.write_actions}",
        f"writetimeout = {WRITE_TIMEOUT_MS}",
    )


def queue_exit_lines() -> tuple[str, ...]:
    """After Queue() in the dialplan: how the caller left the queue, which no event says."""
    return ("same => n,UserEvent(QueueExit,Queue: YOUR-QUEUE,Status: ${QUEUESTATUS},CallUniqueid: ${UNIQUEID})",)


def stereo_lines(major: int | None) -> tuple[str, ...]:
    """A MixMonitor call that keeps customer and agent on channels of their own."""
    sync = "S" if major is not None and major < 22 else ""
    return (f"same => n,MixMonitor(${{UNIQUEID}}.wav,br(${{UNIQUEID}}-in.wav)t(${{UNIQUEID}}-out.wav){sync})",)


def lines_for(hookup: Hookup) -> str:
    """All lines for one PBX, with the file that each belongs to."""
    manager = MANAGER_FILE[hookup.flavour]
    parts = [
        f"; --- {manager}",
        "; Every event carries the time it was made and the name of the recording.",
        *general_lines(hookup.flavour),
        "",
        "; Listens only. Put a long random secret here and in the service's secret file.",
        *user_lines(hookup),
        "",
        "; Places calls, acts on queues and listens in. Take the comments away only when that is wanted.",
        *_if_wanted(hookup, actions_user_lines(hookup)),
        "",
        *_dialplan_part(hookup.flavour),
        "",
        *_placing_part(hookup),
        "",
        "; --- then, on the PBX",
        ";   asterisk -rx 'manager reload'",
        f";   asterisk -rx 'manager show user {hookup.user}'",
        *([";   asterisk -rx 'dialplan reload'"] if hookup.actions else []),
    ]
    return "\n".join(parts) + "\n"


def _dialplan_part(flavour: Flavour) -> tuple[str, ...]:
    if flavour is Flavour.FREEPBX:
        return (
            "; The dialplan of queues is generated: nothing to add. Time-out and abandon are told apart by",
            "; the hang-up.",
        )
    return (
        f"; --- {DIALPLAN_FILE[flavour]}, the line after each Queue()",
        "; No event says whether a caller timed out, pressed a key or was refused at the door; this one does.",
        *(f";{line}" for line in queue_exit_lines()),
    )


def _placing_part(hookup: Hookup) -> tuple[str, ...]:
    return (
        f"; --- {DIALPLAN_FILE[hookup.flavour]}, at its end, where calls are to be placed",
        "; Where the first leg of a placed call goes once it has answered. Record as everywhere else, if you do.",
        *_if_wanted(hookup, context_lines()),
        *(_cdr_part(hookup.flavour) if hookup.actions else ()),
    )


def _cdr_part(flavour: Flavour) -> tuple[str, ...]:
    """FreePBX includes its file for this within [general]."""
    return (
        "",
        f"; --- {CDR_FILE[flavour]}",
        "; Attempts that nobody answered get a row too.",
        *(("[general](+)",) if flavour is Flavour.PLAIN else ()),
        "unanswered = yes",
    )


def _if_wanted(hookup: Hookup, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines, as comments unless calls are to be placed."""
    return lines if hookup.actions else tuple(f";{line}" if line else line for line in lines)
