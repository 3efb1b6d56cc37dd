"""Reads [version.marks], and the `marks` of a queue: when the board warns and when a promise is broken."""

from __future__ import annotations

from config.marks import Mark, Marks, QueueMarks
from config.reading import Table

MAX_SECONDS = 86_400
MAX_CALLBACKS = 100_000
RISING = {"longest_wait": MAX_SECONDS, "abandonment": 100, "callbacks": MAX_CALLBACKS}
FALLING = {"three_rings": 100, "service_level": 100}
OF_QUEUES = ("longest_wait", "three_rings", "service_level", "abandonment")


def read_marks(table: Table) -> Marks:
    """The centre's marks; what is not said has its default, and an empty table is never reached."""
    plain = Marks()
    marks = Marks(
        longest_wait=_read(table, "longest_wait") or plain.longest_wait,
        three_rings=_read(table, "three_rings") or plain.three_rings,
        service_level=_read(table, "service_level"),
        abandonment=_read(table, "abandonment") or plain.abandonment,
        callbacks=_read(table, "callbacks") or plain.callbacks,
    )
    table.done()
    return marks


def read_queue_marks(table: Table) -> QueueMarks:
    """What a queue has otherwise."""
    found = {name: _read(table, name) for name in OF_QUEUES}
    table.refuse("callbacks", "marks of callbacks for a queue", "them in [version.marks]: a callback has no queue")
    table.done()
    return QueueMarks(**found)


def _read(table: Table, key: str) -> Mark | None:
    """A mark, whose edges are in the order in which a figure comes to them."""
    if table.raw(key) is None:
        return None
    falls, most = key in FALLING, (FALLING | RISING)[key]
    inner = table.table(key)
    mark = Mark(warn=_edge(inner, "warn", most), breach=_edge(inner, "breach", most))
    inner.done()
    if mark.warn is not None and mark.breach is not None:
        wrong = mark.breach > mark.warn if falls else mark.breach < mark.warn
        if wrong:
            inner.note("breach", str(mark.breach), f"{'at most' if falls else 'at least'} warn, {mark.warn}")
    return mark


def _edge(table: Table, key: str, most: int) -> int | None:
    edge = table.integer(key, 0, low=0, high=most)
    return edge if table.has(key) else None
