"""Every call that was captured on a real PBX, told in pictures and words: nothing overlaps, nothing is left unsaid."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from config.rings import RingRule
from service.dashboard import numerals
from service.dashboard.axis import NARROWEST, text_width
from service.dashboard.periods import CallStory
from service.dashboard.story import Story, tell
from service.dashboard.story.cast import CUSTOMER
from service.dashboard.story.layout import Lane, Note
from service.dashboard.story.picture import Picture
from service.dashboard.words import words
from telephony.calls.facts import AgentStateFact, OfferingSource, State, TransferKind
from telephony.calls.legs import extension_of
from telephony.calls.record import fold
from tests.service.dashboard.people import NAMES, ZONE
from tests.telephony.calls.streams import CAPTURES, captures, events_of, track

FOLDERS = captures()
LANGUAGES = ("zh", "en")


def agent_of(interface: str, device: str, when: object) -> tuple[str, str | None]:
    """The extension, and who that is."""
    number = extension_of(interface)
    return number, NAMES.get(number)


@cache
def stories_of(folder: Path) -> tuple[CallStory, ...]:
    """The calls of a captured run."""
    facts = track(events_of(folder / "ami.jsonl.xz"), 5)
    wraps = [each for each in facts if isinstance(each, AgentStateFact) and each.state is State.WRAP_UP]
    return tuple(
        CallStory(
            record=record, as_of=record.call.ended_at or record.call.at, rule=RingRule(), agent_of=agent_of,
            wraps=tuple(each for each in wraps if each.call_id == record.call.id),
        )
        for record in fold(facts)
    )  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_captured_call_is_drawn_without_a_flaw(folder: Path) -> None:
    """Bars lie on the axis, words of a lane keep apart and on it, hand-overs join lanes, the sentence is whole."""
    for story in stories_of(folder):
        for language in LANGUAGES:
            told = tell(story, words(language, ZONE))
            flaws = [*flaws_of(told.picture), *unsaid(told, story)]
            assert not flaws, (story.record.call.id, language, flaws)


def flaws_of(picture: Picture) -> list[str]:
    """What is wrong with a picture."""
    found = [f"bar {bar.title}" for bar in picture.bars if not _on_axis(bar.x, bar.width)]
    found += [f"bell {bell.x}" for lane in picture.lanes for bell in lane.bells if not _on_axis(bell.x, bell.width)]
    found += [f"words {words}" for lane in picture.lanes for words in _crowded(lane)]
    found += [f"link {link.text}" for link in picture.links if not 0 < link.y1 < link.y2 < picture.height]
    found += [f"tick {tick.text}" for tick in picture.ticks if not 0 <= float(tick.x.rstrip("%")) <= 100]
    return found


def unsaid(told: Story, story: CallStory) -> list[str]:
    """What is left out: every stretch has its words, every agent who took part is in the sentence."""
    found = [] if told.sentence and told.knowing else ["sentence"]
    found += [f"line {line}" for line in told.picture.lines if not (line.who and line.what and line.length)]
    found += [f"bar {bar.title}" for bar in told.picture.bars if not bar.title]
    people = {each.name for each in told.credits if each.rang or each.talk != numerals.DASH}
    found += [f"{name} in the sentence" for name in people if name not in told.sentence]
    numbers = [story.record.call.customer, *(each.to for each in story.record.transfers)]
    return found + [f"number {each}" for each in numbers if each and len(each) > 6 and each in repr(told)]


def _on_axis(x: str, width: str) -> bool:
    left, wide = float(x.rstrip("%")), float(width.rstrip("%"))
    return left >= 0 and wide > 0 and left + wide <= 100.001


def _crowded(lane: Lane) -> list[str]:
    spans = sorted(_span(note) for note in lane.notes)
    off = [text for left, right, text in spans if left < -1 or right > NARROWEST + 1]
    return off + [f"{a[2]}|{b[2]}" for a, b in pairwise(spans) if a[1] > b[0] + 1]


def _span(note: Note) -> tuple[float, float, str]:
    place = float(note.x.rstrip("%")) / 100 * NARROWEST + note.dx
    width = text_width(note.text)
    return (place - width, place, note.text) if note.anchor == "end" else (place, place + width, note.text)


def test_hand_overs_of_each_kind_are_drawn_from_lane_to_lane() -> None:
    """Wherever both sides took part: blind, attended, pickup, forward; a park goes to the caller's lane."""
    drawn = dict.fromkeys(TransferKind, 0)
    for folder in FOLDERS:
        for story in stories_of(folder):
            links = {link.text for link in tell(story, words("en", ZONE)).picture.links}
            for transfer in story.record.transfers:
                drawn[transfer.kind] += bool(links)
    assert all(drawn[kind] >= 4 for kind in TransferKind), drawn


def lane_of(story: CallStory, key: str) -> list[str]:
    """What is said of the stretches of one lane, in Chinese."""
    picture = tell(story, words("zh", ZONE)).picture
    lane = next(each for each in picture.lanes if each.key == key)
    return [bar.title for bar in lane.bars]


def test_a_customer_whom_a_click_called_hears_no_ringing_of_the_agents_phone() -> None:
    """His lane begins once the agent's own phone was answered."""
    clicked = [
        story
        for story in stories_of(CAPTURES / "plain-22")
        if any(each.source is OfferingSource.ORIGINATE for each in story.record.offerings) and story.record.talks
    ]
    assert clicked
    for story in clicked:
        assert not [said for said in lane_of(story, CUSTOMER) if "听振铃" in said]


def test_a_call_that_goes_to_a_number_outside_says_so() -> None:
    """Forwarded to a mobile: the customer's lane names the line, masked, and no menu."""
    away = [
        story
        for story in stories_of(CAPTURES / "plain-22")
        if any(each.to and len(each.to) > 6 and each.completed for each in story.record.transfers)
    ]
    assert away
    for story in away:
        said = lane_of(story, CUSTOMER)
        assert [each for each in said if each.startswith("外线 944****")], said
        assert not [each for each in said if "在菜单" in each]
