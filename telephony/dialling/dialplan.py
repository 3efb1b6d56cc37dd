"""The two contexts that placed calls go through, as they are printed for a PBX's dialplan. Pure.

They are the same on Asterisk 16 to 22 and beside FreePBX's own dialplan. Their extension is the customer's number, so
that CDR and CEL name it in either order of dialling.
"""

from __future__ import annotations

from telephony.dialling.orders import AGENT_CONTEXT, CUSTOMER_CONTEXT

ANY_NUMBER = "_[+*#0-9]!"

CUSTOMER_LINES = (
    f"[{CUSTOMER_CONTEXT}]",
    f"exten => {ANY_NUMBER},1,NoOp(the agent answered: his customer)",
    ' same => n,ExecIf($["${THREERINGS_CALLER}"!=""]?Set(CALLERID(num)=${THREERINGS_CALLER}))',
    ' same => n,ExecIf($["${THREERINGS_NOTICE}"!=""]?Set(THREERINGS_OPTIONS=A(${THREERINGS_NOTICE})))',
    ";same => n,MixMonitor(${UNIQUEID}.wav,b)",
    " same => n,Dial(${THREERINGS_DIAL},${THREERINGS_RING},${THREERINGS_OPTIONS})",
    " same => n,Hangup(${HANGUPCAUSE})",
)
AGENT_LINES = (
    f"[{AGENT_CONTEXT}]",
    f"exten => {ANY_NUMBER},1,NoOp(the customer answered: his agent)",
    ' same => n,ExecIf($["${THREERINGS_NOTICE}"!=""]?Playback(${THREERINGS_NOTICE}))',
    ";same => n,MixMonitor(${UNIQUEID}.wav,b)",
    " same => n,Dial(${THREERINGS_DEVICE},${THREERINGS_RING},f(${EXTEN}))",
    " same => n,Hangup(16)",
)


def context_lines() -> tuple[str, ...]:
    """Both contexts. The call to MixMonitor is a comment: where a centre records, it does so in its own way."""
    return (*CUSTOMER_LINES, "", *AGENT_LINES)
