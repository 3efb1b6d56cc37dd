"""Which calls the address of the list asks for: by their own marks, or those behind one figure. Pure.

The two ask different questions. A figure counts by the rules of its metric, and takes the filters that figures know;
the list has every call, and the marks that a call has. A key that belongs to the other is refused in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.measures import Sheet
from analytics.storage.call_lists import CallChoice, Involved, Place
from config.policies import Policy
from service.auth.rights import Seen
from service.dashboard.figures.scope import Scope, sheet_of
from service.dashboard.figures.source import Asked, Behind
from service.dashboard.figures.spells import Spell, read_spell
from service.dashboard.query import QueryError, check_keys, choose
from telephony.calls.facts import Direction, Disposition, Known

OF_BOTH = ("period", "agent", "queue", "group", "direction", "after", "column")
OF_FIGURES = ("figure", "hour", "code")
OF_LISTS = ("disposition", "outcome", "known", "customer", "sort", "count")
KEYS = (*OF_BOTH, *OF_FIGURES, *OF_LISTS)
COLUMNS = ("direction", "queue", "agent", "wait", "ring", "talk", "disposition", "outcome", "known")
SORTS = ("started", "-started")
PAGE = 50
_US = re.compile(r"[0-9]{1,17}")
_HOUR = re.compile(r"[01][0-9]|2[0-3]")
_LONGEST = 100  # characters of a name in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """The list that is asked for."""

    spell: Spell
    scope: Scope
    figure: str = ""
    hour: str = ""
    disposition: Disposition | None = None
    known: Known | None = None
    outcome: str = ""
    customer: str = ""
    oldest_first: bool = False
    exact: bool = False
    after: str = ""
    columns: tuple[str, ...] = COLUMNS
    direction: Direction | None = field(default=None)

    @property
    def filtered(self) -> bool:
        """Whether anything but the days is asked for."""
        scope = self.scope
        marks = (self.figure, self.direction, self.disposition, self.known, self.outcome, self.customer)
        return any((*marks, scope.agent, scope.queue, scope.group, scope.code))

    def behind(self, policy: Policy, as_of: datetime) -> Behind:
        """The question behind the figure."""
        return Behind(
            metric=self.figure,
            period=self.spell.period(policy),
            where=self.scope.where((self.figure,)),
            hour=self.hour,
            as_of=as_of,
            after=self._day_and_place(),
            limit=PAGE,
        )

    def asked(self, policy: Policy, customers: frozenset[str] | None) -> Asked:
        """The page of the list; `customers` are the numbers of the customer that is asked for."""
        period = self.spell.period(policy)
        involved = self.scope.involved
        if self.scope.group:
            involved = (*involved, Involved(agents=agents_of(policy, self.scope.group, self.spell)))
        choice = CallChoice(
            start_us=period.start_us,
            end_us=period.end_us,
            direction=self.direction.value if self.direction else None,
            disposition=self.disposition.value if self.disposition else None,
            known=self.known.value if self.known else None,
            outcome=self.outcome or None,
            involved=involved,
            customers=customers,
        )
        after = place_of(self.after) if self.after else None
        return Asked(choice=choice, after=after, oldest_first=self.oldest_first, exact=self.exact, limit=PAGE)

    def _day_and_place(self) -> tuple[str, Place] | None:
        if not self.after:
            return None
        day, _, rest = self.after.partition("~")
        try:
            date.fromisoformat(day)
        except ValueError:
            raise QueryError("after", self.after, "the cursor of a link to more calls") from None
        return day, place_of(rest)


def read_calls(query: Mapping[str, str], columns: list[str], today: date, seen: Seen) -> CallQuery:
    """The list that an address asks for. Raises QueryError."""
    check_keys(query, KEYS)
    figure = _figure(query.get("figure", ""))
    for key in OF_LISTS if figure else ("hour", "code"):
        if query.get(key):
            expected = "nothing beside figure" if figure else "it together with figure"
            raise QueryError(key, query[key], expected)
    direction = choose("direction", query, Direction)
    scope = Scope(
        seen=seen,
        agent=_name("agent", query),
        queue=_name("queue", query),
        group=_name("group", query),
        code=_name("code", query),
        direction=direction.value if direction and figure else "",
    )
    if figure and sheet_of(figure) is Sheet.LOAD and (scope.agent or scope.group):
        key = "agent" if scope.agent else "group"
        raise QueryError(key, query[key], "queue, code or direction: this figure is not told apart by agents")
    sort = query.get("sort", "") or "-started"
    if sort not in SORTS:
        raise QueryError("sort", sort, "one of " + ", ".join(SORTS))
    return CallQuery(
        spell=read_spell(query.get("period", ""), today),
        scope=scope,
        figure=figure,
        hour=_hour(query.get("hour", "")),
        direction=direction,
        disposition=choose("disposition", query, Disposition),
        known=choose("known", query, Known),
        outcome=_name("outcome", query),
        customer=_name("customer", query),
        oldest_first=sort == "started",
        exact=_exact(query.get("count", "")),
        after=query.get("after", ""),
        columns=_columns(columns),
    )


def place_of(cursor: str) -> Place:
    """Read the cursor of a page. Raises QueryError."""
    started, _, call_id = cursor.partition("~")
    if not _US.fullmatch(started) or not call_id:
        raise QueryError("after", cursor, "the cursor of a link to more calls")
    return int(started), call_id


def cursor_of(place: Place) -> str:
    """A page's cursor in its address."""
    return f"{place[0]}~{place[1]}"


def agents_of(policy: Policy, group: str, spell: Spell) -> frozenset[str]:
    """Who was in a group on any of these days."""
    period = spell.period(policy)
    return frozenset(
        each.agent
        for each in policy.agents
        if each.group == group
        and (each.start is None or each.start < period.end)
        and (each.end is None or period.start < each.end)
    )


def _figure(found: str) -> str:
    if found and (found not in METRICS or Group.CALL not in METRICS[found].groups or METRICS[found].over):
        raise QueryError("figure", found, "the name of a figure that calls add up to, such as ring_late")
    return found


def _hour(found: str) -> str:
    if found and not _HOUR.fullmatch(found):
        raise QueryError("hour", found, "an hour from 00 to 23")
    return found


def _exact(found: str) -> bool:
    if found not in ("", "exact"):
        raise QueryError("count", found, "exact")
    return found == "exact"


def _name(key: str, query: Mapping[str, str]) -> str:
    found = query.get(key, "")
    if len(found) > _LONGEST or not found.isprintable():
        raise QueryError(key, found[:20], f"a name of at most {_LONGEST} characters")
    return found


def _columns(found: list[str]) -> tuple[str, ...]:
    for each in found:
        if each and each not in COLUMNS:
            raise QueryError("column", each, "one of " + ", ".join(COLUMNS))
    return tuple(each for each in COLUMNS if each in found) or COLUMNS
