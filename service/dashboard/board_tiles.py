"""The six figures of the board: what callers meet now and met today, held against the policy's marks. Pure."""

from __future__ import annotations

from config.policies import ServiceLevelFormula
from service.dashboard import levels, numerals
from service.dashboard.board import Board, Rate
from service.dashboard.catalogues import marked
from service.dashboard.definitions import define
from service.dashboard.tiles import Level, Tile
from service.dashboard.words import Words

FORMULAS: dict[ServiceLevelFormula, str] = {
    ServiceLevelFormula.ANSWERED_LESS_SHORT: marked("less short"),
    ServiceLevelFormula.ICMI_1: "ICMI 1",
    ServiceLevelFormula.ICMI_2: "ICMI 2",
    ServiceLevelFormula.ICMI_3: "ICMI 3",
    ServiceLevelFormula.ICMI_4: "ICMI 4",
    ServiceLevelFormula.ICMI_5: "ICMI 5",
    ServiceLevelFormula.ASTERISK_SL: "Asterisk SL",
    ServiceLevelFormula.ASTERISK_SL2: "Asterisk SL2",
}
"""Each formula's name as a tile has room for it."""


def board_tiles(words: Words, board: Board) -> list[Tile]:
    """The six figures of the shift now and of the wall."""
    return [
        _waiting(words, board),
        _longest(words, board),
        _three_rings(words, board),
        _service_level(words, board),
        _abandoned(words, board),
        _callbacks(words, board),
    ]


def formula_name(words: Words, formula: ServiceLevelFormula) -> str:
    """A formula's name, translated where it is a word."""
    name = FORMULAS[formula]
    return words.gettext(name) if formula is ServiceLevelFormula.ANSWERED_LESS_SHORT else name


def _waiting(words: Words, board: Board) -> Tile:
    note = words.gettext("nobody waits")
    if board.waiting:
        note = words.ngettext("%(n)s of them ringing", "%(n)s of them ringing", board.waiting_ringing)
    return Tile(
        id="waiting", label=words.gettext("Waiting callers"), value=numerals.count(board.waiting), note=note
    )


def _longest(words: Words, board: Board) -> Tile:
    since = board.longest_wait_since
    value = numerals.DASH if since is None else numerals.clock(numerals.elapsed_ms(since, board.as_of))
    level, note = _whose_wait(words, board)
    return Tile(
        id="longest", label=words.gettext("Longest wait"), value=value, note=note, since=since,
        level=level if level in (Level.WARN, Level.BAD) else Level.NONE,
    )  # fmt: skip


def _whose_wait(words: Words, board: Board) -> tuple[Level, str]:
    level, call = levels.worst_wait(board)
    if call is None:
        return Level.NONE, board.longest_wait_name or board.longest_wait_queue or ""
    titles = {each.queue: levels.queue_title(each) for each in board.queues}
    queue = titles.get(call.queue or "", call.queue or "")
    limit = levels.wait_limit(board, call.queue)
    if level not in (Level.WARN, Level.BAD) or limit is None:
        return level, queue
    return level, words.gettext("%(queue)s, limit %(t)s", queue=queue, t=numerals.clock(limit * 1000))


def share_note(words: Words, rate: Rate, *more: str) -> str:
    """398 / 412 · goal 95: what the share is of, and what it is held against."""
    if not rate.counted:
        return words.gettext("nothing to count yet")
    return " · ".join((f"{rate.within:,} / {rate.counted:,}", *(each for each in more if each)))


def _rate_tile(
    words: Words, identity: str, label: str, rate: Rate, level: Level, note: str, metric: str, link: str = ""
) -> Tile:
    return Tile(
        id=identity, label=label, value=numerals.percent(rate.value), unit="" if rate.value is None else "%",
        note=note, level=level, definition=define(metric, words), link=link,
    )  # fmt: skip


def _three_rings(words: Words, board: Board) -> Tile:
    rate, mark = board.three_rings, board.marks.three_rings
    note = words.gettext("no offering that counts yet")
    if rate.counted:
        note = share_note(words, rate, levels.goal_text(words, mark))
    level = levels.keeps(mark, rate)
    title = words.gettext("Three-ring rate")
    return _rate_tile(words, "three_rings", title, rate, level, note, "three_ring_rate", "/three-rings")


def _service_level(words: Words, board: Board) -> Tile:
    rate, mark, rule = board.level, board.marks.service_level, board.level_rule
    name = formula_name(words, rule.formula)
    goal = levels.goal_text(words, mark)
    note = words.gettext("nothing to count yet") if not rate.counted else " · ".join(x for x in (name, goal) if x)
    label = words.gettext("Service level %(n)s s", n=rule.seconds)
    metric = f"service_level_{rule.formula.value}"
    return _rate_tile(words, "level", label, rate, levels.keeps(mark, rate), note, metric)


def _abandoned(words: Words, board: Board) -> Tile:
    rate = board.abandonment
    short = words.gettext("short %(n)s", n=f"{board.abandoned_short:,}") if board.abandoned_short else ""
    level = levels.loses(board.marks.abandonment, rate)
    return _rate_tile(
        words, "abandoned", words.gettext("Abandonment rate"), rate,
        level if level in (Level.WARN, Level.BAD) else Level.NONE, share_note(words, rate, short),
        "abandonment_rate", "/calls?direction=inbound&disposition=abandoned",
    )  # fmt: skip


def _callbacks(words: Words, board: Board) -> Tile:
    owed = board.callbacks
    level = levels.owed(board.marks.callbacks, owed)
    return Tile(
        id="callbacks", label=words.gettext("Callbacks owed"),
        value=numerals.count(owed.open if owed else None),
        note=_owed_note(words, board), level=Level.NONE if owed and not owed.open else level,
    )  # fmt: skip


def _owed_note(words: Words, board: Board) -> str:
    owed = board.callbacks
    if owed is None:
        return words.gettext("not known yet")
    late = words.gettext("%(n)s overdue", n=f"{owed.overdue:,}") if owed.overdue else ""
    soon = words.gettext("%(n)s soon", n=f"{owed.soon:,}") if owed.soon else ""
    return " · ".join(each for each in (late, soon) if each) or words.gettext("none overdue")
