"""The places of the navigation: which pages there are, in which group, and the right that each asks for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.auth.rights import Right, Role, Visitor
from service.dashboard.catalogues import marked
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the navigation. `key` is what its template sets as `here`."""

    key: str
    group: str
    label: str
    icon: str
    href: str
    right: Right
    below: bool = True  # stands in the bar at the bottom of a narrow screen too
    also: frozenset[Right] = frozenset()  # any of these is enough too

    def is_open_to(self, rights: Collection[Right]) -> bool:
        """Whether somebody with these rights may go there."""
        return self.right in rights or not self.also.isdisjoint(rights)


LIVE, RECORDS, FIGURES = marked("Live"), marked("Records"), marked("Figures")
PROMISES, MANAGE = marked("Promises"), marked("Manage")
GROUPS = (LIVE, RECORDS, FIGURES, PROMISES, MANAGE)


def _place(
    key: str, group: str, label: str, icon: str, href: str, right: Right, *also: Right, below: bool = True
) -> Place:
    return Place(
        key=key, group=group, label=label, icon=icon, href=href, right=right, below=below, also=frozenset(also)
    )


PLACES = (
    _place("shift", LIVE, marked("Shift now"), "radio", "/", Right.BOARD),
    _place("desk", LIVE, marked("Desk"), "headphones", "/desk", Right.DESK),
    _place("wall", LIVE, marked("Wallboard"), "monitor", "/wall", Right.BOARD, below=False),
    _place("agents", RECORDS, marked("Agents"), "users", "/agents", Right.RECORDS, below=False),
    _place("queues", RECORDS, marked("Queues"), "list", "/queues", Right.RECORDS, below=False),
    _place("calls", RECORDS, marked("Calls"), "phone", "/calls", Right.RECORDS),
    _place("recordings", RECORDS, marked("Recordings"), "headphones", "/recordings", Right.LISTEN, below=False),
    _place("three-rings", FIGURES, marked("Three rings"), "bell-ring", "/three-rings", Right.FIGURES),
    _place("minutes", FIGURES, marked("Minutes"), "timer", "/minutes", Right.FIGURES),
    _place("reports", FIGURES, marked("Reports"), "chart-column", "/reports", Right.FIGURES, below=False),
    _place("closing", FIGURES, marked("Closing"), "lock", "/closing", Right.CLOSE, below=False),
    _place("followups", PROMISES, marked("Follow-ups"), "calendar-check", "/followups", Right.PROMISES),
    _place("campaigns", PROMISES, marked("Campaigns"), "phone-outgoing", "/campaigns", Right.PROMISES),
    _place("quality", PROMISES, marked("Quality"), "star", "/quality", Right.QUALITY, below=False),
    _place("setup", MANAGE, marked("First start"), "plug", "/setup", Right.SETTINGS, below=False),
    _place("people", MANAGE, marked("People and rights"), "users", "/people", Right.PEOPLE, below=False),
    _place("customers", PROMISES, marked("Customers"), "inbox", "/customers", Right.CUSTOMERS, below=False),
    _place("policy", MANAGE, marked("Policy"), "scale", "/policy", Right.POLICY, below=False),
    _place(
        "destruction",
        MANAGE,
        marked("Keeping and destroying"),
        "trash-2",
        "/recordings/destruction",
        Right.DESTROY,
        Right.DIRECT,
        Right.HOLD,
        Right.AUDIT,
        below=False,
    ),
    _place("gaps", MANAGE, marked("Gaps"), "unplug", "/gaps", Right.RECORDS, below=False),
    _place("audit", MANAGE, marked("Audit log"), "history", "/audit", Right.AUDIT, below=False),
)
"""Every place, in the order of the navigation; a service shows those whose pages it has."""


BEGINS: Mapping[Role, str] = MappingProxyType(
    {
        Role.AGENT: "desk",
        Role.INSPECTOR: "quality",
        Role.AUDITOR: "audit",
        Role.READER: "service-log",
        Role.ADMINISTRATOR: "settings",
    }
)
"""The place where a role begins; the others at the shift now. Who cannot go there begins at the first of his places."""

OWN_PAGE = "/me"


def landing_of(visitor: Visitor, present: Collection[str]) -> str:
    """Where somebody begins."""
    allowed = [each for each in PLACES if each.key in present and each.is_open_to(visitor.rights)]
    own = BEGINS.get(visitor.role, "shift") if visitor.account is not None else "shift"
    return next((each.href for each in allowed if each.key == own), allowed[0].href if allowed else OWN_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A place as somebody reads it."""

    key: str
    label: str
    icon: str
    href: str
    below: bool


def groups_for(visitor: Visitor, present: Collection[str], words: Words) -> list[tuple[str, list[Shown]]]:
    """The groups with the places that this visitor may go to: an item is absent, not greyed."""
    found = []
    for group in GROUPS:
        places = [_shown(each, words) for each in PLACES if _goes(each, group, visitor, present)]
        if places:
            found.append((words.gettext(group), places))
    return found


def _goes(place: Place, group: str, visitor: Visitor, present: Collection[str]) -> bool:
    return place.group == group and place.key in present and place.is_open_to(visitor.rights)


def _shown(place: Place, words: Words) -> Shown:
    return Shown(
        key=place.key, label=words.gettext(place.label), icon=place.icon, href=place.href, below=place.below
    )
