"""The strip of the minutes page: how many reached their floor, who falls short, what the PBX claims more. Pure."""

from __future__ import annotations

from service.dashboard import numerals
from service.dashboard.figures.cells import Fig, FigTile
from service.dashboard.figures.minutes_rows import Row
from service.dashboard.tiles import Level
from service.dashboard.words import Words


def floor_tiles(words: Words, found: list[Row], *, unfinished: bool) -> list[FigTile]:
    """Of the agents with a floor."""
    held = [each for each in found if each.stands.floor_ms is not None]
    if not held:
        return [_tile(words.gettext("Floor reached"), numerals.DASH, words.gettext("no tier has a quota"))]
    reached = [each for each in held if each.talk_ms >= (each.stands.floor_ms or 0)]
    short = [each for each in held if each not in reached and not (unfinished and _will_do(each))]
    missing = sum((each.stands.floor_ms or 0) - _expected(each, unfinished=unfinished) for each in short)
    coming = len(held) - len(reached) - len(short)
    note = words.ngettext("%(n)s more projected to", "%(n)s more projected to", coming) if coming else ""
    level = Level.WARN if short else Level.GOOD
    lacking = words.gettext("%(n)s minutes short in all", n=numerals.minutes(missing)) if short else ""
    title = words.gettext("Behind") if unfinished else words.gettext("Below the floor")
    return [
        _tile(words.gettext("Floor reached"), f"{len(reached)} / {len(held)}", note),
        _tile(title, numerals.count(len(short)), lacking, level),
    ]


def claim_tile(words: Words, found: list[Row]) -> FigTile:
    """What the PBX claims more than we count, over the calls that it makes a claim of."""
    told = [each.balance.more_ms for each in found if each.balance]
    shown = numerals.signed_minutes(sum(told) if told else None)
    note = words.gettext("of the calls that it claims")
    return _tile(words.gettext("PBX claims more"), shown, note if told else words.gettext("it claims nothing"))


def _will_do(row: Row) -> bool:
    projected = row.stands.projected_ms
    return projected is None or projected >= (row.stands.floor_ms or 0)


def _expected(row: Row, *, unfinished: bool) -> int:
    return (row.stands.projected_ms or row.talk_ms) if unfinished else row.talk_ms


def _tile(label: str, text: str, note: str, level: Level = Level.NONE) -> FigTile:
    return FigTile(label=label, fig=Fig(metric="", text=text), note=note, definition=None, level=level)
