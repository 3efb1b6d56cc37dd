"""The words of notices: whole in both languages, by the centre's clocks, and nothing breaks them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.followups import Alarm
from config.language import Language
from schedulers.followups.records import Obstacle, What
from schedulers.notices.records import Topic
from schedulers.notices.telling import telling
from schedulers.notices.texts import LINES, TITLES, WORDS, message_of
from tests.schedulers.notices.changes import PROMISES, change, kind

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_every_topic_has_a_title_and_every_obstacle_a_word_in_both_languages() -> None:
    """Nobody is told half a sentence."""
    for language in Language:
        assert set(TITLES[language]) == set(Topic)
        assert {each.value for each in Obstacle} - {"must_decide"} <= set(WORDS[language])
    assert set(LINES[Language.ZH]) == set(LINES[Language.EN])
    assert set(WORDS[Language.ZH]) == set(WORDS[Language.EN])


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            Language.ZH,
            "跟进已逾期",
            "投诉回访，到期 2026-11-05 10:00，号码 +86138****8000，负责人 1005（编号 {id}）",
        ),
        (
            Language.EN,
            "Follow-up overdue",
            "Complaint revisit, due 2026-11-05 10:00, number +86138****8000, owner 1005 (id {id})",
        ),
    ],
)
def test_an_overdue_item_in_words(language: Language, title: str, body: str) -> None:
    """Kind, due time by the centre's clocks, masked number, owner and id."""
    made = change(What.OVERDUE)
    (notice,) = telling(made, kind(overdue=Alarm.OWNER), PROMISES)
    message = message_of(notice.topic, [notice.details], language, SHANGHAI)
    assert (message.title, message.body) == (title, body.format(id=made.after.id))


def test_several_items_are_one_message() -> None:
    """A line each, and their number in the title."""
    made = [change(What.BORN, id=name, obstacle=Obstacle.CAP) for name in ("a", "b")]
    about = [telling(each, kind(), PROMISES)[0].details for each in made]
    message = message_of(Topic.CANNOT_BE_MET, about, Language.EN, SHANGHAI)
    assert message.title == "Cannot be met in time (2)"
    assert [line.partition("(id ")[2] for line in message.body.splitlines()] == [
        "a): the customer was contacted as often as permitted",
        "b): the customer was contacted as often as permitted",
    ]


@given(
    topic=st.sampled_from(Topic),
    language=st.sampled_from(Language),
    name=st.text(max_size=30),
    known=st.booleans(),
)
def test_no_detail_breaks_a_text(topic: Topic, language: Language, name: str, known: bool) -> None:
    """Whatever a kind is called, and whatever is not known: one line an occasion."""
    details = (("kind_en", name), ("kind_zh", name), ("owner", name)) if known else ()
    message = message_of(topic, [details, details], language, SHANGHAI)
    assert len(message.body.splitlines()) == 2
