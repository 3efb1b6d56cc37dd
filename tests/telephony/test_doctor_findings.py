"""What is said of a PBX: fed with answers of real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from telephony.doctor import judge
from telephony.doctor_answers import Answers, Member, Seen
from telephony.doctor_findings import Expectations, Finding, Severity
from telephony.doctor_lines import Flavour, Hookup
from tests.telephony.ami.transcripts import VERSIONS
from tests.telephony.doctor_cases import answers_of, by_code, seen_in

EXPECTED = Expectations(hookup=Hookup())
FREEPBX = Expectations(hookup=Hookup(flavour=Flavour.FREEPBX))


def judged(version: str, expected: Expectations = EXPECTED) -> dict[str, Finding]:
    """Findings of a capture by their code."""
    return by_code(judge(answers_of(version), seen_in(version), expected))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_finding_says_all_and_every_unknown_says_where(version: str) -> None:
    """Nobody is left with a word that he cannot act on."""
    expected = FREEPBX if version.startswith("freepbx") else EXPECTED
    for finding in judge(answers_of(version), seen_in(version), expected):
        assert finding.what
        assert finding.found
        assert finding.expected
        if finding.severity is Severity.CANNOT_TELL:
            assert finding.command
        if finding.severity in (Severity.WARNING, Severity.ERROR):
            assert finding.lines_to_add
        assert bool(finding.file) >= bool(finding.lines_to_add)


def test_a_silent_pbx_gives_no_false_comfort() -> None:
    """With no answer and no event nothing is called well, and only what shows at once is a fault."""
    findings = judge(Answers(banner="Asterisk Call Manager/5.0.4"), Seen(), EXPECTED)
    assert {f.severity for f in findings} == {Severity.CANNOT_TELL, Severity.WARNING}
    assert [f.code for f in findings if f.severity is Severity.WARNING] == ["read_system"]


@pytest.mark.parametrize("version", ["16.28", "22.10"])
def test_the_plain_lab_is_well_hooked_up(version: str) -> None:
    """Times, names, classes, exits, CDR and CEL are there; the recorder user may do too much."""
    findings = judged(version)
    for code in ("version", "timestampevents", "channelvars", "cdr", "cel", "queue_exit", "read_call",
                 "read_agent", "read_cdr", "read_user", "read_dtmf", "read_system"):  # fmt: skip
        assert findings[code].severity is Severity.OK, code
    assert findings["write_needless"].lines_to_add == ("write = reporting",)


@pytest.mark.parametrize("version", ["freepbx-16", "freepbx-22"])
def test_freepbx_lacks_times_and_names(version: str) -> None:
    """With the lines for the file that FreePBX leaves alone."""
    findings = judged(version, FREEPBX)
    times, names = findings["timestampevents"], findings["channelvars"]
    assert (times.severity, names.severity) == (Severity.ERROR, Severity.WARNING)
    for finding in (times, names):
        assert finding.file == "/etc/asterisk/manager_custom.conf"
        assert finding.lines_to_add == (
            "[general](+)",
            "timestampevents = yes",
            "channelvars = MIXMONITOR_FILENAME,CALLFILENAME,FROM_DID",
        )
    assert "queue_exit" not in findings
    assert "the first agent with the second one's time" in findings["members_local"].what


def test_times_on_some_events_only_are_a_fault() -> None:
    """One event without a time is enough."""
    found = by_code(judge(Answers(), Seen(stamped=10, unstamped=1), EXPECTED))["timestampevents"]
    assert (found.severity, found.found) == (Severity.ERROR, "1 of 11 events without one")


def test_a_variable_that_stays_empty_is_a_fault() -> None:
    """Exported, but nothing sets it: the recordings have no name all the same."""
    seen = seen_in("22.10")
    assert by_code(judge(Answers(), seen, EXPECTED))["channelvars"].severity is Severity.OK
    seen.named -= 1
    found = by_code(judge(Answers(), seen, EXPECTED))["channelvars"]
    assert found.severity is Severity.WARNING
    assert "1 of" in found.found


def test_the_listener_needs_reporting_and_nothing_else() -> None:
    """Neither too little, nor too much."""

    def code(*commands: str) -> set[str]:
        answers = Answers(commands=frozenset({"Ping", *commands}))
        findings = judge(answers, Seen(), EXPECTED)
        return {f.code for f in findings if f.code.startswith("write_") and f.severity is not Severity.OK}

    assert code("CoreStatus") == set()
    assert code() == {"write_reporting"}
    assert code("CoreStatus", "ModuleLoad") == {"write_needless"}
    assert code("Originate") == {"write_reporting", "write_needless"}


@pytest.mark.parametrize(
    ("skew", "error", "severity"),
    [(0.9, 0.0, Severity.OK), (-1.1, 0.0, Severity.ERROR), (1.1, 0.2, Severity.OK), (400.0, 0.2, Severity.ERROR)],
)
def test_clocks_apart_are_a_fault_beyond_the_error_of_measuring(
    skew: float, error: float, severity: Severity
) -> None:
    """Either way, and never because the answer was slow."""
    answers = Answers(skew=timedelta(seconds=skew), skew_error=timedelta(seconds=error))
    assert by_code(judge(answers, Seen(), EXPECTED))["clock"].severity is severity


def test_cdr_switched_off_is_a_fault() -> None:
    """CoreSettings says so."""
    found = by_code(judge(Answers(settings={"CoreCDRenabled": "No"}), Seen(), EXPECTED))["cdr"]
    assert (found.severity, found.file) == (Severity.WARNING, "/etc/asterisk/cdr.conf")


def test_an_old_asterisk_is_named() -> None:
    """It may work, but nobody has tried."""
    found = by_code(judge(Answers(settings={"AsteriskVersion": "13.38.3"}), Seen(), EXPECTED))["version"]
    assert (found.severity, found.found) == (Severity.WARNING, "13.38.3")


def test_a_queue_that_rings_less_than_three_rings_is_named() -> None:
    """The lab's queue `priority` gives up after 4 s; one of its rings was declined after 1 s."""
    chinese = [f for f in judge(Answers(), seen_in("22.10"), EXPECTED) if f.code == "ring_time"]
    priority = next(f for f in chinese if "queue priority" in f.found)
    assert (priority.severity, priority.lines_to_add) == (
        Severity.WARNING,
        ("[priority](+)", "timeout = 15"),
    )
    short = replace(EXPECTED, three_rings=timedelta(seconds=4))
    findings = [f for f in judge(Answers(), seen_in("22.10"), short) if "queue priority" in f.found]
    assert [f.severity for f in findings] == [Severity.OK]


def test_one_short_ring_may_have_been_declined() -> None:
    """Too few to tell: the file must be looked at."""
    seen = Seen(given_up={"600": [timedelta(seconds=4)]})
    found = by_code(judge(Answers(), seen, EXPECTED))["ring_time"]
    assert found.severity is Severity.CANNOT_TELL
    fraction = replace(EXPECTED, three_rings=timedelta(seconds=8, milliseconds=800))
    seen.given_up["600"] *= 3
    assert by_code(judge(Answers(), seen, fraction))["ring_time"].lines_to_add[1] == "timeout = 9"


def test_members_without_state_or_name_are_named() -> None:
    """The queue would ring an agent who is on the phone."""
    interface = "Local/1001@from-queue/n"
    members = (Member(queue="600", interface=interface, name=interface, state_interface=interface),)
    findings = by_code(judge(Answers(members=members), Seen(), FREEPBX))
    assert findings["members_stateless"].severity is Severity.WARNING
    assert findings["members_nameless"].found == f"1, as {interface}"


@pytest.mark.parametrize(("version", "option"), [("16.28.0", "t(${UNIQUEID}-out.wav)S)"), ("22.1", "-out.wav))")])
def test_mono_recordings_are_named_with_what_they_cost(version: str, option: str) -> None:
    """16 keeps the two files in step only with option S, which 22 does not know."""
    expected = replace(EXPECTED, recording_channels=(1, 2, 1))
    answers = Answers(settings={"AsteriskVersion": version})
    found = by_code(judge(answers, Seen(), expected))["recording_channels"]
    assert (found.severity, found.found) == (Severity.NOTE, "2 of 3 files are mono")
    assert found.lines_to_add[0].endswith(option)
    stereo = replace(expected, recording_channels=(2, 2))
    assert by_code(judge(answers, Seen(), stereo))["recording_channels"].severity is Severity.OK


def test_a_centre_without_recordings_is_not_asked_for_them() -> None:
    """Two questions less."""
    codes = by_code(judge(Answers(), Seen(), replace(EXPECTED, recordings=False)))
    assert not {"channelvars", "recording_channels"} & set(codes)
