"""The lines to paste."""

from __future__ import annotations

import configparser

import pytest

from telephony.doctor_lines import Flavour, Hookup, filter_lines, lines_for, stereo_lines


def sections(text: str) -> dict[str, dict[str, str]]:
    """The lines as Asterisk reads them: sections of options, comments left out."""
    parser = configparser.RawConfigParser(comment_prefixes=(";",), strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string("\n".join(line for line in text.splitlines() if not line.startswith(";")))
    return {name: dict(parser[name]) for name in parser.sections()}


@pytest.mark.parametrize("flavour", Flavour)
def test_the_listener_reads_and_changes_nothing(flavour: Flavour) -> None:
    """Exactly these rights; the actions user stays a comment."""
    text = lines_for(Hookup(flavour=flavour, user="listener", address="10.0.0.5/255.255.255.255"))
    found = sections(text)
    assert found["listener"] == {
        "secret": "CHANGE-ME",
        "deny": "0.0.0.0/0.0.0.0",
        "permit": "10.0.0.5/255.255.255.255",
        "read": "system,call,agent,user,cdr,dtmf",
        "write": "reporting",
        "writetimeout": "5000",
    }
    assert found["general"]["timestampevents"] == "yes"
    assert set(found) == {"general", "listener"}
    assert "\n;[threerings-actions]\n" in text


def test_each_flavour_has_its_files() -> None:
    """FreePBX overwrites its own; only *_custom.conf is left alone, and there its dialplan of queues needs nothing."""
    plain = lines_for(Hookup())
    freepbx = lines_for(Hookup(flavour=Flavour.FREEPBX))
    assert "; --- /etc/asterisk/manager.conf\n" in plain
    assert "; --- /etc/asterisk/extensions.conf" in plain
    assert "UserEvent(QueueExit,Queue: YOUR-QUEUE,Status: ${QUEUESTATUS}" in plain
    assert "channelvars = MIXMONITOR_FILENAME\n" in plain
    assert "; --- /etc/asterisk/manager_custom.conf\n" in freepbx
    assert "channelvars = MIXMONITOR_FILENAME,CALLFILENAME,FROM_DID\n" in freepbx
    assert "QueueExit" not in freepbx
    assert "; --- /etc/asterisk/extensions_custom.conf, at its end, where calls are to be placed\n" in freepbx


def test_filters_are_in_the_syntax_of_the_version() -> None:
    """16 ignores the newer form without a word, so it must not get it."""
    assert filter_lines(16)[0] == "eventfilter = !Event: VarSet"
    assert filter_lines(22)[0] == "eventfilter(action(exclude),name(VarSet)) ="
    assert "eventfilter" not in lines_for(Hookup())
    full = lines_for(Hookup(full=True, major=16))
    assert "read = system,call,agent,user,cdr,dtmf,dialplan\n" in full
    assert full.count("eventfilter = !Event: ") == 4


def test_an_unknown_version_gets_the_stereo_line_of_the_newer() -> None:
    """Option S is unknown there."""
    assert stereo_lines(None) == stereo_lines(22) != stereo_lines(16)


@pytest.mark.parametrize("flavour", Flavour)
def test_where_calls_are_placed_the_user_may_dial_and_no_more(flavour: Flavour) -> None:
    """He hears nothing, may not hang up or run a command; the two contexts stand beside him."""
    text = lines_for(Hookup(flavour=flavour, actions=True))
    user = sections(text)["threerings-actions"]
    assert (user["read"], user["write"]) == ("", "agent,originate,reporting")
    assert "\n[threerings-customer]\n" in text
    assert "\n[threerings-agent]\n" in text
    assert "\n;   asterisk -rx 'dialplan reload'\n" in text
    assert "unanswered = yes" in text.splitlines()


def test_only_who_asks_for_it_is_given_the_class_that_hangs_up() -> None:
    """It has Redirect in it."""
    plain, more = (lines_for(Hookup(actions=True, hang_up=each)) for each in (False, True))
    assert sections(plain)["threerings-actions"]["write"] == "agent,originate,reporting"
    assert sections(more)["threerings-actions"]["write"] == "agent,call,originate,reporting"
