"""What `pbx check` says of placing calls: rights, contexts and trunks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from telephony.ami.actions import Pair
from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet
from telephony.dialling.dialplan import context_lines
from telephony.doctor_answers import WRITE_CLASS_MARKS
from telephony.doctor_dialling import DialAnswers, ask_dialling, device_of, dialling_findings, refused
from telephony.doctor_findings import Expectations, Finding, Severity
from telephony.doctor_lines import Flavour, Hookup

DIAL = {"telecom": "PJSIP/{number}@telecom", "route": "Local/9{number}@from-internal/n"}
FREEPBX = Expectations(hookup=Hookup(flavour=Flavour.FREEPBX))


class Pbx:
    """A PBX's answers: which write classes the user has, which contexts there are, which devices in which state."""

    def __init__(self, classes: str, contexts: str = "", **states: str) -> None:
        self.classes, self.contexts, self.states = classes.split(","), contexts.split(), states
        self.asked: list[str] = []

    async def ask(self, name: str, pairs: Iterable[Pair] = ()) -> ActionResult:
        self.asked.append(name)
        given = dict(pairs)
        if name == "ListCommands":
            marks = [mark for mark, each in WRITE_CLASS_MARKS.items() if each in self.classes]
            marks += ["CoreStatus"] if "reporting" in self.classes else []
            return said("Success", *(f"{mark}: does it.  (Priv: x,all)" for mark in marks))
        if name == "ShowDialPlan":
            found = given["Context"] in self.contexts
            return said("Success") if found else said("Error", f"Message: Did not find context {given['Context']}")
        assert name == "Getvar"
        device = given["Variable"].removeprefix("DEVICE_STATE(PJSIP/").removesuffix(")")
        return said("Success", f"Value: {self.states.get(device, 'INVALID')}")


def said(status: str, *lines: str) -> ActionResult:
    """An answer with these headers."""
    return ActionResult(response=Packet("\r\n".join([f"Response: {status}", *lines]).encode()))


def judged(pbx: Pbx, dial: dict[str, str], expected: Expectations | None = None) -> dict[str, list[Finding]]:
    """The findings by code."""
    answers = asyncio.run(ask_dialling(pbx.ask, dial))
    found: dict[str, list[Finding]] = {}
    for each in dialling_findings(answers, dial, expected or Expectations()):
        found.setdefault(each.code, []).append(each)
    return found


def test_a_pbx_that_is_hooked_up_is_well() -> None:
    """The printed rights do, both contexts are there, the trunk is free; a route of FreePBX has no device to ask."""
    pbx = Pbx("agent,originate,reporting", "threerings-customer threerings-agent", telecom="NOT_INUSE")
    found = judged(pbx, DIAL)
    assert {code: [each.severity.value for each in group] for code, group in found.items()} == {
        "actions_rights": ["ok"],
        "dialling_context": ["ok", "ok"],
        "dialling_trunk": ["ok", "cannot_tell"],
    }


def test_what_is_missing_comes_with_its_lines() -> None:
    """No right to dial, no context, no such endpoint: errors, each with what to add and where."""
    found = judged(Pbx("agent,reporting", "threerings-customer"), DIAL, FREEPBX)
    (rights,), (_, context), (trunk, _) = (
        found["actions_rights"],
        found["dialling_context"],
        found["dialling_trunk"],
    )
    assert rights.severity is context.severity is trunk.severity is Severity.ERROR
    assert rights.lines_to_add == ("write = agent,originate,reporting",)
    assert context.what == "context threerings-agent of the dialplan"
    assert (context.file, context.lines_to_add) == ("/etc/asterisk/extensions_custom.conf", context_lines())
    assert trunk.found == "PJSIP/telecom is INVALID"


def test_rights_that_are_dangerous_are_warned_of() -> None:
    """With class system an Originate may run a program on the PBX."""
    pbx = Pbx("agent,originate,system,command", "threerings-customer threerings-agent", telecom="UNAVAILABLE")
    found = judged(pbx, DIAL)
    assert found["actions_rights"][0].severity is Severity.OK
    assert found["actions_needless"][0].severity is Severity.WARNING
    assert found["dialling_trunk"][0].severity is Severity.WARNING


def test_without_a_trunk_only_the_rights_are_looked_at() -> None:
    """Actions alone need no dialplan."""
    pbx = Pbx("agent,originate,reporting")
    assert list(judged(pbx, {})) == ["actions_rights"]
    assert pbx.asked == ["ListCommands"]


def test_where_calls_are_to_be_ended_the_class_for_it_is_missed() -> None:
    """And only there."""
    pbx, wanting = Pbx("agent,originate,reporting"), Expectations(hookup=Hookup(hang_up=True))
    (lacks,) = judged(pbx, {}, wanting)["actions_rights"]
    assert (lacks.severity, lacks.lines_to_add) == (Severity.ERROR, ("write = agent,call,originate,reporting",))
    (well,) = judged(Pbx("agent,call,originate,reporting"), {}, wanting)["actions_rights"]
    assert well.severity is Severity.OK


def test_what_cannot_be_seen_is_not_judged() -> None:
    """A user that may ask nothing is told which commands tell on the PBX."""
    answers = DialAnswers(contexts={"threerings-agent": None}, states={"telecom": None})
    findings = list(dialling_findings(answers, DIAL, Expectations()))
    assert {each.severity for each in findings} == {Severity.CANNOT_TELL}
    assert all(each.command for each in findings)


def test_a_refused_login_is_a_finding_with_the_users_lines() -> None:
    """The rest of the check is worth reading all the same."""
    finding = refused("Authentication failed", Expectations(hookup=Hookup(actions_user="doer")))
    assert (finding.code, finding.severity, finding.lines_to_add[0]) == ("actions_login", Severity.ERROR, "[doer]")


@pytest.mark.parametrize(
    ("string", "device"),
    [
        ("PJSIP/{number}@telecom", "PJSIP/telecom"),
        ("PJSIP/0{number}@tele-com", "PJSIP/tele-com"),
        ("SIP/telecom/{number}", "SIP/telecom"),
        ("PJSIP/telecom/sip:{number}@10.0.0.1:5060", "PJSIP/telecom"),
        ("IAX2/telecom/{number}", "IAX2/telecom"),
        ("DAHDI/g1/{number}", None),
        ("Local/9{number}@from-internal/n", None),
    ],
)
def test_the_device_that_a_dial_string_leads_to(string: str, device: str | None) -> None:
    """Before or behind the number, with digits of its own in front; groups of lines have no one device."""
    assert device_of(string) == device
