"""The demo's inspector scored some of last week's samples, as an inspector could have."""

from __future__ import annotations

from sqlalchemy import Engine

from analytics.quality.appeals import load_replies
from analytics.quality.cards import load_cards
from analytics.quality.records import ReplyKind, SampleState
from analytics.quality.samples import load_notes, load_samples
from service.demo.marking import MOST, mark
from tests.analytics.quality.house import MONDAY, POLICY, add_talk, drawn


def test_some_are_scored_answered_and_appealed_and_one_is_left(store: Engine) -> None:
    """By the rules of every card, which refuse what an inspector could not have done; the same by the same seed."""
    with store.begin() as connection:
        for number in range(1, 13):
            add_talk(connection, number, f"100{number % 6}", at=MONDAY, seconds=60)
        drawn(connection)
        samples = load_samples(connection)
        scored = mark(connection, samples, POLICY, samples[0].drawn_at, 1)
    assert scored == min(MOST, len(samples) - 1) > 2
    with store.connect() as connection:
        states = [each.state for each in load_samples(connection)]
        ids = [each.id for each in samples]
        cards, notes = load_cards(connection, ids), load_notes(connection, ids)
        kinds = {each.kind for each in load_replies(connection, [card.id for card in cards])}
    assert states[0] is SampleState.OPEN
    assert states.count(SampleState.SCORED) == len(cards) == scored
    assert kinds == {ReplyKind.REPLY, ReplyKind.APPEAL}
    assert notes
    assert len({card.mark_c for card in cards}) > 1
