"""Questions about placing calls: may the second user do so, are its contexts there, does the PBX know the trunks?"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from telephony import doctor_lines as lines
from telephony.ami.actions import Pair
from telephony.ami.answers import ActionResult
from telephony.dialling.dialplan import context_lines
from telephony.dialling.orders import AGENT_CONTEXT, CUSTOMER_CONTEXT, NUMBER
from telephony.doctor_answers import Answers, read_commands
from telephony.doctor_findings import Expectations, Finding, Severity, cli, ok, unknown
from telephony.doctor_lines import DIALPLAN_FILE, MANAGER_FILE

Ask = Callable[[str, Iterable[Pair]], Awaitable[ActionResult]]

DANGEROUS = frozenset({"system", "command", "config"})
"""With these an Originate may run a program on the PBX, or its configuration be written."""
NO_SUCH_CONTEXT = "did not find context"
_OF_A_PEER = re.compile(
    r"(PJSIP|SIP|IAX2)/(?:[0-9*#+]*\{number\}@(?P<after>[^/@]+)|(?P<before>[^/@{]+)/[^/]*\{number\}.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialAnswers:
    """What the PBX told the user of actions. None where it was not told.

    contexts: whether each of our two is there; states: by trunk, the state of the device that it leads to.
    """

    commands: frozenset[str] | None = None
    contexts: Mapping[str, bool | None] = field(default_factory=dict)
    states: Mapping[str, str | None] = field(default_factory=dict)


async def ask_dialling(ask: Ask, dial: Mapping[str, str]) -> DialAnswers:
    """Ask about rights, contexts and the trunks with these dial strings; nothing is changed, nobody is dialled.

    Without any trunk only the rights are asked about.
    """
    contexts = (CUSTOMER_CONTEXT, AGENT_CONTEXT) if dial else ()
    return DialAnswers(
        commands=read_commands(await ask("ListCommands", ())),
        contexts={each: _is_there(await ask("ShowDialPlan", [("Context", each)])) for each in contexts},
        states={name: await _state(ask, string) for name, string in dial.items()},
    )


def dialling_findings(answers: DialAnswers, dial: Mapping[str, str], expected: Expectations) -> Iterator[Finding]:
    """What is well, what is missing, with the lines that give it. Pure."""
    yield from _rights(answers, expected)
    for context, is_there in answers.contexts.items():
        yield _context(context, is_there, expected)
    for name, state in answers.states.items():
        yield _trunk(name, dial[name], state)


def refused(words: str, expected: Expectations) -> Finding:
    """The user of actions may not even log in."""
    return Finding(
        severity=Severity.ERROR,
        code="actions_login",
        what="login of the user that acts",
        found=words,
        expected="a login",
        lines_to_add=lines.actions_user_lines(expected.hookup),
        file=MANAGER_FILE[expected.hookup.flavour],
    )


def device_of(string: str) -> str | None:
    """The device that a trunk's dial string leads to, as DEVICE_STATE takes it; None for Local and others."""
    found = _OF_A_PEER.fullmatch(string)
    return f"{found[1]}/{found['after'] or found['before']}" if found and NUMBER in string else None


def _is_there(result: ActionResult) -> bool | None:
    if result.success:
        return True
    return False if result.message.lower().startswith(NO_SUCH_CONTEXT) else None


async def _state(ask: Ask, string: str) -> str | None:
    device = device_of(string)
    if device is None:
        return None
    result = await ask("Getvar", [("Variable", f"DEVICE_STATE({device})")])
    return result.get("Value") or None if result.success else None


def _rights(answers: DialAnswers, expected: Expectations) -> Iterator[Finding]:
    what, wanted = "rights of the user that acts", expected.hookup.write_actions
    classes = Answers(commands=answers.commands).write_classes
    if classes is None:
        command = cli(f"manager show user {expected.hookup.actions_user}")
        yield unknown("actions_rights", what, "ListCommands refused", wanted, command)
        return
    held = classes | ({"reporting"} if "system" in classes else set())
    if held.issuperset(wanted.split(",")):
        yield ok("actions_rights", what, ", ".join(sorted(classes)), wanted)
    else:
        yield _other_rights(Severity.ERROR, "actions_rights", what, classes, expected)
    if classes & DANGEROUS:
        danger = f"{what}: he may run programs on the PBX or change its configuration"
        yield _other_rights(Severity.WARNING, "actions_needless", danger, classes, expected)


def _other_rights(
    severity: Severity, code: str, what: str, classes: frozenset[str], expected: Expectations
) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        what=what,
        found=", ".join(sorted(classes)) or "none",
        expected=expected.hookup.write_actions,
        lines_to_add=(f"write = {expected.hookup.write_actions}",),
        file=MANAGER_FILE[expected.hookup.flavour],
    )


def _context(context: str, is_there: bool | None, expected: Expectations) -> Finding:
    what, wanted = f"context {context} of the dialplan", "the lines of `pbx config --actions`"
    if is_there:
        return ok("dialling_context", what, "it", wanted)
    if is_there is None:
        return unknown("dialling_context", what, "ShowDialPlan refused", wanted, cli(f"dialplan show {context}"))
    return Finding(
        severity=Severity.ERROR,
        code="dialling_context",
        what=what,
        found="no such context",
        expected=wanted,
        lines_to_add=context_lines(),
        file=DIALPLAN_FILE[expected.hookup.flavour],
        command=cli("dialplan reload"),
    )


def _trunk(name: str, string: str, state: str | None) -> Finding:
    what, wanted = f"trunk {name} ({string})", "a device that is known and can be reached"
    device = device_of(string)
    if device is None:
        command = cli("dialplan show") if string.startswith("Local/") else cli("core show channeltypes")
        return unknown("dialling_trunk", what, "no device of its own", wanted, command)
    if state in (None, "UNKNOWN"):
        found = f"no state of {device}"
        return unknown("dialling_trunk", what, found, wanted, cli(f"core show hint {device}"))
    if state not in ("INVALID", "UNAVAILABLE"):
        return ok("dialling_trunk", what, f"{device} is {state}", wanted)
    return Finding(
        severity=Severity.ERROR if state == "INVALID" else Severity.WARNING,
        code="dialling_trunk",
        what=what,
        found=f"{device} is {state}",
        expected=wanted,
        command=cli("pjsip show endpoints") if device.startswith("PJSIP/") else cli("core show channels"),
    )
