"""The next start finishes what was broken off, and a stop lets go after the file at hand."""

from __future__ import annotations

from service.destroying import lists
from service.destroying.acts import Stage
from service.destroying.items import ItemState
from service.destroying.resuming import Resumer
from tests.service.destroying.yard import Yard


def test_what_was_begun_is_finished_by_the_next_start(yard: Yard) -> None:
    """Without anybody's doing: the five acts are on record."""
    yard.recording(1)
    made = yard.begun()
    resumer = Resumer(yard.carrier())
    resumer.start()
    resumer.wait(20)
    with yard.engine.connect() as connection:
        assert lists.need(connection, made.id).standing.stage is Stage.DONE


def test_a_stop_lets_go_and_leaves_the_rest_for_later(yard: Yard) -> None:
    """Nothing is half done: the list stays as it is, and the next one comes to its end."""
    for n in (1, 2):
        yard.recording(n)
    made = yard.begun()
    stopped = yard.carrier()
    stopped.stop()
    assert stopped.carry_out(made.id).standing.stage is Stage.CARRYING
    assert len(list(yard.root.rglob("*.wav"))) == 2
    assert yard.carrier().go_on() == [made.id]
    with yard.engine.connect() as connection:
        assert lists.need(connection, made.id).counts == {ItemState.DESTROYED: 2}
