"""Answers are found by their ActionID, whatever streams in between."""

from __future__ import annotations

import pytest

from telephony.ami import answers as answers_module
from telephony.ami.answers import ActionResult, Answers
from telephony.ami.packet import Packet
from telephony.errors import ActionFailedError, ProtocolError

EVENT = Packet(b"Event: VarSet\r\nVariable: A\r\nValue: 1")


def read(answers: Answers, given: list[Packet]) -> list[tuple[str, ActionResult]]:
    """What these packets complete."""
    return answers.read(packet.raw for packet in given)


def packets(*texts: str) -> list[Packet]:
    """Packets written with `|` between the lines."""
    return [Packet(text.replace("|", "\r\n").encode()) for text in texts]


def expecting(count: int = 1) -> Answers:
    """Answers that waits for t1, t2 …"""
    answers = Answers("t")
    for _ in range(count):
        answers.expect(answers.next_id())
    return answers


def test_a_plain_answer_is_one_packet() -> None:
    """Events around it do not matter, and it is given once."""
    answers = expecting()
    (response,) = packets("Response: Success|ActionID: t1|Message: done")
    assert read(answers, [EVENT, response, EVENT]) == [("t1", ActionResult(response=response))]
    assert (answers.waiting, read(answers, [response])) == (0, [])


def test_a_list_is_collected_between_other_events_and_other_lists() -> None:
    """Two lists at once, over several chunks: each gets its own items in order."""
    answers = expecting(2)
    first = packets(
        "Response: Success|ActionID: t1|EventList: start|Message: follows",
        "Response: Success|ActionID: t2|EventList: start",
        "Event: QueueParams|Queue: a|ActionID: t1",
    )
    second = packets(
        "Event: Channel|ActionID: t2",
        "Event: QueueMember|Queue: a|ActionID: t1",
        "Event: QueueStatusComplete|ActionID: t1|EventList: Complete|ListItems: 2",
    )
    assert read(answers, [*first, EVENT]) == []
    ((action_id, result),) = read(answers, second)
    assert action_id == "t1"
    assert [item.event for item in result.items] == ["QueueParams", "QueueMember"]
    assert result.complete == second[2]
    assert result.success
    assert answers.waiting == 1


def test_a_cancelled_list_is_no_success() -> None:
    """`EventList: Cancelled` ends a list too, but it is not whole."""
    answers = expecting()
    ((_, result),) = read(
        answers,
        packets(
            "Response: Success|ActionID: t1|EventList: start",
            "Event: X|ActionID: t1",
            "Event: XComplete|ActionID: t1|EventList: Cancelled",
        ),
    )
    assert (len(result.items), result.success) == (1, False)


def test_events_that_merely_carry_the_id_are_no_answer() -> None:
    """Asterisk repeats the ActionID of a UserEvent and an Originate in events."""
    answers = expecting()
    assert read(answers, packets("Event: UserEvent|UserEvent: X|ActionID: t1")) == []
    ((_, result),) = read(answers, packets("Response: Success|ActionID: t1|Message: Event Sent"))
    assert (result.message, result.items) == ("Event Sent", ())
    late = packets("Event: OriginateResponse|ActionID: t1|Response: Failure|Reason: 0")
    assert read(answers, late) == []


def test_a_name_that_looks_like_an_answer_is_none() -> None:
    """A caller's name may hold any text, but it is no header."""
    answers = expecting()
    forged = packets(
        "Event: Newchannel|CallerIDName: Response: Success ActionID: t1",
        "Event: Newchannel|CallerIDName: x\nActionID: t1",
        "Event: Newchannel|CallerIDName: x\u2028Response: Success\u2028ActionID: t1",
        "Response: Success|ActionID: other|Output: ActionID: t1",
    )
    assert read(answers, forged) == []
    assert answers.waiting == 1


def test_command_output_keeps_its_columns() -> None:
    """Repeated Output headers, spaces and empty lines included; an error has output too."""
    answers = expecting()
    ((_, result),) = read(
        answers,
        packets(
            "Response: Error|ActionID: t1|Message: Command output follows|Output:   a   b|Output: |Output: c:d"
        ),
    )
    assert result.output == ("  a   b", "", "c:d")
    assert not result.success
    with pytest.raises(ActionFailedError, match="Command output follows"):
        result.raise_if_failed()


def test_command_output_of_an_old_asterisk_is_read() -> None:
    """`Response: Follows`: bare lines, some of which look like headers, up to the end mark."""
    answers = expecting()
    raw = (
        b"Response: Follows\r\nPrivilege: Command\r\nActionID: t1\r\n"
        b"Privilege: x\nName: value\n  a   b\n\nlast\n--END COMMAND--"
    )
    ((_, result),) = read(answers, [Packet(raw)])
    assert result.output == ("Privilege: x", "Name: value", "  a   b", "", "last")
    assert result.success


def test_a_forgotten_action_is_not_answered() -> None:
    """Its late answer, list items included, is nobody's."""
    answers = expecting(2)
    read(answers, packets("Response: Success|ActionID: t1|EventList: start"))
    answers.forget("t1")
    assert read(answers, packets("Event: X|ActionID: t1", "Event: XC|ActionID: t1|EventList: Complete")) == []
    assert answers.drop() == ("t2",)
    assert answers.waiting == 0


def test_an_endless_list_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list is bounded by bytes, so no PBX can fill memory."""
    monkeypatch.setattr(answers_module, "MAX_LIST_BYTES", 100)
    answers = expecting()
    read(answers, packets("Response: Success|ActionID: t1|EventList: start"))
    with pytest.raises(ProtocolError, match="expected at most 100"):
        read(answers, packets("Event: X|ActionID: t1") * 10)
