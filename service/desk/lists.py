"""What is asked of the book: a work list, a story, and the proof of coverage with the items behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from schedulers.customers.records import Customer
from schedulers.errors import RefusedError
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage import lists
from schedulers.storage.customers import load as load_customers
from schedulers.storage.customers import survivor
from schedulers.storage.lists import Cursor, Page, Whose
from schedulers.storage.story import load_story
from service.desk.desk import groups_led_by, kinds_of, moment_of
from service.desk.shapes import View, items_json, story_json

STATES: Mapping[str, lists.View] = {
    "due": lists.View.NOW,
    "today": lists.View.TODAY,
    "overdue": lists.View.OVERDUE,
    "unmeetable": lists.View.CANNOT_BE_MET,
    "reached": lists.View.REACHED,
    "decide": lists.View.MUST_DECIDE,
    "agreed": lists.View.AGREED,
    "all": lists.View.OPEN,
}
"""What people call the lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which work list. What is not named does not narrow it."""

    state: str = "all"
    agent: str | None = None
    leader: str | None = None
    group: str | None = None
    kind: str | None = None
    customer: str | None = None


def whose_of(connection: Connection, wanted: Wanted, rules: Rules, now: datetime) -> Whose | None:
    """Whose follow-ups are wanted; None where that can be nobody's. Raises RefusedError for an unknown kind."""
    if wanted.kind is not None and wanted.kind not in kinds_of(rules):
        raise RefusedError("kind", repr(wanted.kind), "one of " + (", ".join(sorted(kinds_of(rules))) or "none"))
    groups = set(groups_led_by(rules, wanted.leader, now)) if wanted.leader is not None else None
    if wanted.group is not None:
        groups = {wanted.group} if groups is None or wanted.group in groups else set()
    if groups is not None and not groups:
        return None
    return Whose(
        owners=(wanted.agent,) if wanted.agent is not None else (),
        groups=tuple(sorted(groups or ())),
        kinds=(wanted.kind,) if wanted.kind is not None else (),
        customers=(survivor(connection, wanted.customer),) if wanted.customer is not None else (),
    )


def page(
    connection: Connection, wanted: Wanted, view: View, *, after: Cursor | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], Page]:
    """A page of a work list in the public shape, and the page itself."""
    whose = whose_of(connection, wanted, view.rules, view.now)
    if whose is None:
        return [], Page(items=(), next=None)
    moment = moment_of(view.rules, view.now)
    found = lists.load_page(connection, STATES[wanted.state], whose, moment, after=after, limit=limit)
    return items_json(found.items, customers_of(connection, found.items), view), found


def counts(connection: Connection, wanted: Wanted, view: View) -> dict[str, int]:
    """How long each list is."""
    whose = whose_of(connection, wanted, view.rules, view.now)
    if whose is None:
        return dict.fromkeys(STATES, 0)
    found = lists.count_views(connection, whose, moment_of(view.rules, view.now))
    return {state: found[each] for state, each in STATES.items()}


def story(connection: Connection, follow_up: str, view: View) -> dict[str, Any] | None:
    """The story of a follow-up in the public shape; None where there is none of this id."""
    found = load_story(connection, follow_up)
    if found is None:
        return None
    chain = in_order(lists.case_of(connection, found.follow_up.case))
    return story_json(found, chain, customers_of(connection, (found.follow_up, *chain)), view)


def in_order(chain: Iterable[FollowUp]) -> list[FollowUp]:
    """A chain by birth; of those born in one instant, what continues another comes after it."""
    items = {each.id: each for each in chain}

    def depth(each: FollowUp | None) -> int:
        return 0 if each is None or each.after is None else 1 + depth(items.get(each.after))

    return sorted(items.values(), key=lambda each: (each.born_at, depth(each), each.id))


def customers_of(connection: Connection, items: Iterable[FollowUp]) -> dict[str, Customer]:
    """The customers to whom something is owed, by id."""
    return load_customers(connection, {each.customer for each in items})


def cursor_text(cursor: Cursor | None) -> str | None:
    """A cursor as one word: `a` or `d`, its instant and the id."""
    if cursor is None:
        return None
    return f"{'a' if cursor.is_agreed else 'd'}~{cursor.at.isoformat()}~{cursor.id}"


def read_cursor(text: str) -> Cursor | None:
    """A cursor that was given back; None for what is none of ours."""
    sort, _, rest = text.partition("~")
    when, _, identity = rest.partition("~")
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        return None
    if sort not in {"a", "d"} or at.tzinfo is None or not identity:
        return None
    return Cursor(is_agreed=sort == "a", at=at, id=identity)
