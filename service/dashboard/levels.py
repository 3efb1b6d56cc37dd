"""How a figure stands to the policy's marks, with the words that go beside it: colour is never alone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.marks import Mark, Reached
from service.dashboard import numerals
from service.dashboard.board import Board, Callbacks, CallNow, QueueNow, Rate
from service.dashboard.tiles import Level
from service.dashboard.words import Words

_LEVELS = {
    Reached.NOTHING: Level.NONE,
    Reached.GOOD: Level.GOOD,
    Reached.WARN: Level.WARN,
    Reached.BREACH: Level.BAD,
}
_ORDER = (Level.NONE, Level.GOOD, Level.WARN, Level.BAD)


def level_of(reached: Reached) -> Level:
    """The level of a mark that is reached."""
    return _LEVELS[reached]


def waits(mark: Mark, since: datetime | None, as_of: datetime) -> Level:
    """How long a wait is against its mark; whole seconds, as they are shown."""
    if since is None:
        return Level.NONE
    return level_of(mark.rising(numerals.elapsed_ms(since, as_of) // 1000))


def keeps(mark: Mark | None, rate: Rate) -> Level:
    """A share that is to be great."""
    return Level.NONE if mark is None else level_of(mark.falling(rate.value))


def loses(mark: Mark, rate: Rate) -> Level:
    """A share that is to be small."""
    return level_of(mark.passing(rate.value))


def owed(mark: Mark, callbacks: Callbacks | None) -> Level:
    """Overdue ones are a breach, those that are due soon a warning."""
    if callbacks is None or not mark.is_set:
        return Level.NONE
    if mark.breach is not None and callbacks.overdue >= mark.breach:
        return Level.BAD
    pressing = callbacks.overdue + callbacks.soon
    return Level.WARN if mark.warn is not None and pressing >= mark.warn else Level.GOOD


def worst_wait(board: Board) -> tuple[Level, CallNow | None]:
    """Of all who wait, the one who is furthest beyond his queue's mark; then who has waited longest."""
    marks = {each.queue: each.marks for each in board.queues}
    waiting = [call for call in board.active if call.joined_at is not None]
    levels = [
        (waits(marks.get(call.queue or "", board.marks).longest_wait, call.joined_at, board.as_of), call)
        for call in waiting
    ]
    return max(levels, key=_pressing, default=(Level.NONE, None))


def _pressing(found: tuple[Level, CallNow]) -> tuple[int, timedelta]:
    level, call = found
    return _ORDER.index(level), datetime.max.replace(tzinfo=call.started_at.tzinfo) - (call.joined_at or call.since)


def wait_limit(board: Board, queue: str | None) -> int | None:
    """The first mark of a queue's longest wait, in seconds."""
    found = next((each.marks for each in board.queues if each.queue == queue), board.marks)
    return found.longest_wait.goal


def goal_text(words: Words, mark: Mark | None) -> str:
    """Goal 95: what a share is held against; '' where nothing is said."""
    return "" if mark is None or mark.goal is None else words.gettext("goal %(n)s", n=mark.goal)


def level_word(words: Words, level: Level) -> str:
    """What a colour and a shape say, for who sees neither."""
    return {
        Level.NONE: "",
        Level.GOOD: words.gettext("goal kept"),
        Level.WARN: words.gettext("warning"),
        Level.BAD: words.gettext("breach"),
    }[level]


def queue_title(queue: QueueNow) -> str:
    """A queue's name for people."""
    return queue.name or queue.queue
