"""No number, name, address or secret of a real person gets into a scenario; the calls stay the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from telephony.ami.packet import Packet
from telephony.errors import MisuseError
from telephony.journal.anonymiser import Anonymiser
from telephony.journal.privacy import NOBODY, Content, content_of, content_of_arguments, content_of_variable

Pairs = list[tuple[str, str]]


def anonymised(*packets: Pairs, **options: bool) -> list[Pairs]:
    anonymiser = Anonymiser(**options)  # type: ignore[arg-type]
    made = [Packet.from_pairs(pairs) for pairs in packets]
    for packet in made:
        anonymiser.learn(packet)
    return [anonymiser.anonymise(packet) for packet in made]


def values(*packets: Pairs, **options: bool) -> list[str]:
    return [value for pairs in anonymised(*packets, **options) for _, value in pairs]


digits = st.text("0123456789", min_size=9, max_size=13).filter(lambda text: len(set(text)) > 2)
latin = st.text("abcdefghijklmnopqrstuvwxyzéß", min_size=4, max_size=9).map(str.title)
chinese = st.text("王小明李芳张伟刘洋陈静", min_size=2, max_size=4)
persons = st.one_of(st.tuples(latin, latin).map(" ".join), chinese, latin)


def call(number: str, name: str, n: int) -> list[Pairs]:
    """A call of one person, who is named in every place where Asterisk and FreePBX name one."""
    uniqueid = f"17952943{n:02}.{n}"
    trunk = f"PJSIP/{number}-0000000{n % 10}"
    ids = [("Uniqueid", uniqueid), ("Linkedid", uniqueid)]
    underscored = name.replace(" ", "_")
    recording = f"/var/spool/asterisk/monitor/2026/11/21/external-1001-{number}-20261121-205312-{uniqueid}.wav"
    return [
        # Told before the name is known.
        [("Event", "UserEvent"), ("UserEvent", "Welcome"), ("Who", f"{name} of {number}"), *ids],
        [("Event", "Newexten"), ("Channel", trunk), ("Application", "Set"), ("AppData", f"WHO={name}"), *ids],
        [("Event", "Newexten"), ("Application", "Playback"), ("AppData", f"hello-{underscored},{number}"), *ids],
        [("Event", "Newexten"), ("Application", "ExecIf"), ("AppData", f"1?NoOp({name})"), *ids],
        [("Event", "Newchannel"), ("Channel", trunk), ("CallerIDNum", number), ("CallerIDName", name), *ids],
        [("Event", "Newchannel"), ("Channel", f"Local/9{number}@out-0000000a;1"), ("Exten", "0086" + number), *ids],
        [
            ("Event", "DialBegin"),
            ("DestConnectedLineNum", "+" + number),
            ("DestConnectedLineName", f"Sales:{name}"),
        ],
        [("Event", "DialBegin"), ("DialString", f"{number}@trunk/sip:{number}@203.0.113.9:5060"), *ids],
        [("Event", "VarSet"), ("Variable", "CUSTOMER"), ("Value", f"{name}; {number}"), *ids],
        [("Event", "VarSet"), ("Variable", "MIXMONITOR_FILENAME"), ("Value", recording), *ids],
        [("Event", "VarSet"), ("Variable", "BRIDGEPEER"), ("Value", trunk), *ids],
        [("Event", "Hangup"), (f"ChanVariable({trunk})", f"RECORDING={recording}"), ("ChanVariable", f"X={name}")],
        [("Event", "Cdr"), ("CallerID", f'"{name}" <{number}>'), ("Source", number), ("LastData", name), *ids],
        [("Event", "MixMonitorStart"), ("File", recording), *ids],
        [("Event", "OriginateResponse"), ("Uniqueid", f"job-{number}-1"), ("ActionID", f"call-{number}")],
        [("Event", "QueueMemberStatus"), ("MemberName", name), ("Interface", f"Local/{number}@agents/n")],
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(digits, persons), min_size=1, max_size=5))
def test_no_number_and_no_name_is_left(people: Sequence[tuple[str, str]]) -> None:
    """Wherever a person is named, whatever the person is called: nothing of it is in the output."""
    packets = [packet for n, person in enumerate(people) for packet in call(*person, n)]
    kept = "\n".join(f"{key} {value}" for n in range(5) for pairs in call("#", "#", n) for key, value in pairs)
    # A caller who is called like one of Asterisk's words, or whose number is within an id, tells nothing.
    assume(not any(name.lower() in kept.lower() or number in kept for number, name in people))
    assume(not any(name.lower() in NOBODY or name.lower() in "name person text removed" for _, name in people))
    found = "\n".join(f"{key} {value}" for pairs in anonymised(*packets) for key, value in pairs)
    for number, name in people:
        assert number not in found
        assert name.lower() not in found.lower()
        assert name.replace(" ", "_").lower() not in found.lower()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(digits, persons), min_size=2, max_size=5, unique_by=(lambda p: p[0], lambda p: p[1])))
def test_the_same_person_is_the_same_everywhere_and_no_other(people: Sequence[tuple[str, str]]) -> None:
    """Two values are equal after exactly if they were equal before: calls link as they did."""
    packets = [packet for n, person in enumerate(people) for packet in call(*person, n)]
    for header in ("CallerIDNum", "CallerIDName", "Channel", "Uniqueid", "Linkedid", "File", "Interface"):
        before = [value for pairs in packets for key, value in pairs if key == header]
        after = [v for pairs in anonymised(*packets) for key, v in pairs if key == header]
        assert [after.index(value) for value in after] == [before.index(value) for value in before]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(digits, persons), min_size=1, max_size=3))
def test_what_replay_needs_is_unchanged(people: Sequence[tuple[str, str]]) -> None:
    """The order of packets and headers, events, times and Asterisk's own ids."""
    packets = [packet for n, person in enumerate(people) for packet in call(*person, n)]
    found = anonymised(*packets)
    for before, after in zip(packets, found, strict=True):
        assert len(before) == len(after)
        for (key, value), (new_key, new) in zip(before, after, strict=True):
            assert "(" in key or key == new_key
            if key in ("Event", "Linkedid", "Application", "Variable"):
                assert value == new


def test_numbers_become_drama_numbers() -> None:
    """In the order in which they appear; a prefix for an outside line or a country stays before them."""
    found = values([("CallerIDNum", "13800138000"), ("Exten", "913800138000"), ("DestExten", "8613800138000")])
    assert found == ["447700900000", "9447700900000", "86447700900000"]


def test_written_numbers_are_numbers() -> None:
    """However a person writes a number, it is the same one."""
    found = values(
        [("CallerIDNum", "+44 (7700) 900-555"), ("ConnectedLineNum", "447700900555")],
        [("AppData", "call 44 7700 900 555"), ("Application", "Playback")],
        [("CallerIDNum", "１３８００１３８０００"), ("Exten", "13800138000")],
    )
    assert found[:2] == ["+447700900000", "447700900000"]
    assert "555" not in found[2]
    assert found[4] == found[5] == "447700900001"


def test_an_invented_number_is_never_an_original() -> None:
    """A journal of drama numbers (a test of ours) gives other ones."""
    originals = {f"4477009000{n:02}" for n in range(50)}
    found = values(*([("CallerIDNum", number)] for number in sorted(originals)))
    assert len(set(found)) == 50
    assert originals.isdisjoint(found)


def test_more_numbers_than_a_block_has_are_found() -> None:
    """The thousand mobile numbers are followed by those of places, each used once."""
    found = values(*([("CallerIDNum", str(13800000000 + n))] for n in range(2500)))
    assert len(set(found)) == 2500


def test_too_many_numbers_are_refused() -> None:
    """Rather than using one twice."""
    with pytest.raises(MisuseError, match="expected a shorter scenario"):
        values(*([("CallerIDNum", str(13800000000 + n))] for n in range(17_001)))


def test_extensions_stay_unless_told() -> None:
    """Up to five digits, in every place; else they are replaced alike in every place."""
    packet = [("Channel", "PJSIP/1001-0000000a"), ("CallerIDNum", "1001"), ("Queue", "600"), ("Exten", "95588")]
    assert values(packet) == ["PJSIP/1001-0000000a", "1001", "600", "95588"]
    assert values(packet, keep_extensions=False) == ["PJSIP/8001-0000000a", "8001", "8002", "8003"]


def test_names_become_numbered_names() -> None:
    """Case, escapes and marks between words make no other person."""
    found = values(
        [("CallerIDName", "Mary O\\'Neil"), ("MemberName", "MARY O'NEIL"), ("ConnectedLineName", "Ann")],
        [("Application", "Playback"), ("AppData", "mary_o'neil&Joanna")],
    )
    assert found == ["Name 1", "Name 1", "Name 2", "Playback", "Name 1&Joanna"]


@pytest.mark.parametrize("nobody", ["", "<unknown>", "anonymous", "Anonymous", "PJSIP"])
def test_words_that_name_nobody_stay(nobody: str) -> None:
    """They tell the tracker that the caller is withheld, or are part of every channel's name."""
    assert values([("CallerIDName", nobody), ("Channel", "PJSIP/trunk-0000000a")]) == [
        nobody,
        "PJSIP/trunk-0000000a",
    ]


def test_addresses_and_secrets_are_gone() -> None:
    """SIP addresses, IP addresses, mail, passwords, session ids."""
    found = values(
        [("DialString", "1001/sip:1001@192.168.7.20:5060"), ("Contact", "sip:me@example.com"), ("Secret", "1234")],
        [("RemoteAddress", "IPV4/TCP/192.168.7.20/5060"), ("Channel", "SIP/192.168.7.20-0000000a")],
        [("File", "from ann.smith@example.com at [fe80::1ff:fe23:4567:890a]"), ("SessionID", "0x7f44180039d0")],
        [("Event", "VarSet"), ("Variable", "VM_PIN"), ("Value", "4711")],
    )
    text = " ".join(found)
    for gone in ("192.168", "example.com", "1234", "7f4418", "fe23", "4711"):
        assert gone not in text
    assert found[0] == "1001/sip:removed"
    assert re.fullmatch(r"SIP/198\.18\.0\.\d+-0000000a", found[4])


def test_what_is_no_number_is_kept() -> None:
    """Bridge ids, uniqueids, channel counters and dates have digits too."""
    packet = [
        ("Extra", '{"bridge_id":"a1f19713-12ba-458a-b84c-143355667788"}'),
        ("File", "2026/11/21/q-600-unknown-20261121-205312-1795294392.13.wav"),
        ("Channel", "Local/1001@from-queue-01234567;2"),
        ("BridgeUniqueid", "93730143-a077-4925-8d98-000000000001"),
    ]
    assert values(packet) == [value for _, value in packet]


def test_what_may_hold_anything_is_replaced_whole() -> None:
    """Unknown headers, variables and applications; small numbers stay, and equal values stay equal."""
    found = values(
        [("Event", "UserEvent"), ("UserEvent", "Order"), ("Customer", "Jane"), ("Note", "Jane"), ("Pieces", "3")],
        [("Event", "VarSet"), ("Variable", "__ADDRESS"), ("Value", "5 Main Street")],
        [("Application", "NoOp"), ("AppData", "Jane lives here")],
        [("Event", "UserEvent"), ("UserEvent", "X"), ("Status", "John Smith 13800138000")],
        [("MemberName", "John Smith")],
    )
    assert found[:5] == ["UserEvent", "Order", "text-1", "text-1", "3"]
    assert found[5:8] == ["VarSet", "__ADDRESS", "text-2"]
    assert found[8:10] == ["NoOp", "text-3"]
    assert found[12:] == ["Name 1 447700900000", "Name 1"]


def test_variables_are_kept_when_told() -> None:
    """For a dialplan whose own variables a test needs."""
    anonymiser = Anonymiser(keep_variables=frozenset({"Menu"}))
    packet = Packet.from_pairs([("Event", "VarSet"), ("Variable", "_MENU"), ("Value", "main")])
    anonymiser.learn(packet)
    assert anonymiser.anonymise(packet)[2] == ("Value", "main")


@pytest.mark.parametrize(
    ("header", "content"),
    [
        ("DestChannelState", Content.VOCABULARY),
        ("SecondTransfererUniqueid", Content.IDENTITY),
        ("TransferTargetCallerIDName", Content.NAME),
        ("CallerIDrdnis", Content.NUMBER),
        ("LocalTwoChannel", Content.TECHNICAL),
        ("ChanVariable(PJSIP/1-2)", Content.ASSIGNMENT),
        ("DestChanVariable", Content.ASSIGNMENT),
        ("ManagerSecret", Content.SECRET),
        ("SomethingNew", Content.UNKNOWN),
    ],
)
def test_headers_are_known_by_their_ending(header: str, content: Content) -> None:
    """Asterisk puts a party before the same names: Dest, Transferer, LocalOne."""
    assert content_of(header) is content


def test_what_is_not_listed_is_unknown() -> None:
    """Deny by default, for variables and applications too."""
    assert content_of_variable("__CALLFILENAME") is Content.TECHNICAL
    assert content_of_variable("CALLERID(name)") is Content.NAME
    assert content_of_variable("WHATEVER") is Content.UNKNOWN
    assert content_of_arguments("Queue") is Content.TECHNICAL
    assert content_of_arguments("System") is Content.UNKNOWN
