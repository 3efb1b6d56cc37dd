"""The places of the navigation: which pages there are, in which group, and the right that each asks for. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.auth.rights import Right, Visitor
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


LIVE, RECORDS, FIGURES = marked("Live"), marked("Records"), marked("Figures")
PROMISES, MANAGE = marked("Promises"), marked("Manage")
GROUPS = (LIVE, RECORDS, FIGURES, PROMISES, MANAGE)


def _place(key: str, group: str, label: str, icon: str, href: str, right: Right, *, below: bool = True) -> Place:
    return Place(key=key, group=group, label=label, icon=icon, href=href, right=right, below=below)


PLACES = (
    _place("shift", LIVE, marked("Shift now"), "radio", "/", Right.BOARD),
    _place("agents", RECORDS, marked("Agents"), "users", "/agents", Right.RECORDS, below=False),
    _place("queues", RECORDS, marked("Queues"), "list", "/queues", Right.RECORDS, below=False),
    _place("calls", RECORDS, marked("Calls"), "phone", "/calls", Right.RECORDS),
    _place("three-rings", FIGURES, marked("Three rings"), "bell-ring", "/three-rings", Right.FIGURES),
    _place("minutes", FIGURES, marked("Minutes"), "timer", "/minutes", Right.FIGURES),
    _place("reports", FIGURES, marked("Reports"), "chart-column", "/reports", Right.FIGURES, below=False),
    _place("campaigns", PROMISES, marked("Campaigns"), "phone-outgoing", "/campaigns", Right.PROMISES),
    _place("gaps", MANAGE, marked("Gaps"), "unplug", "/gaps", Right.RECORDS, below=False),
)
"""Every place, in the order of the navigation; a service shows those whose pages it has."""


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
    return place.group == group and place.key in present and place.right in visitor.rights


def _shown(place: Place, words: Words) -> Shown:
    return Shown(
        key=place.key, label=words.gettext(place.label), icon=place.icon, href=place.href, below=place.below
    )
