"""Reads [[version.outcome]]: what an agent may record of a call; and what must hold between them."""

from __future__ import annotations

from collections.abc import Sequence

from config.documents import Document
from config.followups import Promises, Result, TriggerKind
from config.kind_reading import EXPECTED_ID, ID
from config.outcomes import AT_MOST, CallOutcome, Direction
from config.places import KeyPath
from config.reading import Table
from config.showing import one_of, shown


def read_outcome(table: Table) -> CallOutcome:
    """One choice; mistakes are noted in its document."""
    outcome = CallOutcome(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
        direction=table.choice("direction", Direction.ANY),
        result=table.choice("result", Result.TALKED),
        event=table.text("event", "", expected=EXPECTED_ID, pattern=ID),
        about=_about(table.table("about")),
    )
    table.done()
    return outcome


def _about(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, table.text(name, "")) for name in table.names()))


def check_outcomes(outcomes: Sequence[CallOutcome], promises: Promises, path: KeyPath, document: Document) -> None:
    """Note each choice that stands twice, has no digit left, or tells an event that no kind is owed for."""
    events = {each.trigger.name for each in promises.kinds if each.trigger.kind is TriggerKind.EVENT}
    ids = [each.id for each in outcomes]
    for index, each in enumerate(outcomes):
        here = (*path, "outcome", index)
        if each.id in ids[:index]:
            document.note((*here, "id"), f"{shown(each.id)} twice", "each outcome once")
        if each.event and each.event not in events:
            document.note(
                (*here, "event"),
                shown(each.event),
                one_of(sorted(events)) if events else "none: no kind has an event:",
            )
        if each.about and not each.event:
            document.note((*here, "about"), "attributes without an event", "event beside it")
        before = [one for one in outcomes[: index + 1] if _share(one, each)]
        if len(before) > AT_MOST:
            document.note(here, f"{len(before)} outcomes for one direction", f"at most {AT_MOST}, a digit each")


def _share(one: CallOutcome, other: CallOutcome) -> bool:
    """Whether both are offered for some call."""
    return one.direction is other.direction or Direction.ANY in (one.direction, other.direction)
