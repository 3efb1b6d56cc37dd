"""The plan of a day, pure: who calls whom, in what order, and what cannot be reached today and why.

Millions of follow-ups are planned at once, so they come as columns (numpy), those of one customer together. A *contact*
is one call with one customer by one owner; it has a leading item, and others of the same owner ride along: one talk
may fulfil several (domain.md §4). Agreed times come first, at their time; then what is due first; then the order of
kinds. Caps hold across kinds: of a customer's contacts the first ones in this order are planned, and the others say
`cap`; an agreed time is the customer's own wish and goes before them.

The plan is made of what each item says of its next permitted instant. Whoever then calls is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from config.followups import Cap

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max
"""Stands for an instant that there is none of."""

_WINDOW_US = 1 << 42
"""More than the longest cap and a day together: customers are told apart by multiples of it."""


class Place(IntEnum):
    """What the plan says of an item."""

    CONTACT = 0  # its customer is called for it
    RIDES = 1  # it is served by a contact that is made for another item of the same customer
    WAITS = 2  # a talk waits for its outcome: "reached?"
    MUST_DECIDE = 3  # tried as often as permitted
    NO_NUMBER = 4  # no number that could be called
    NO_WINDOW = 5  # due today, and not permitted at any time of today
    CAP = 6  # the customer has had as many contacts as permitted
    DESK = 7  # to be done without calling anybody: a mark, a message, a visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Open follow-ups in columns of one length, those of one customer together. Instants in microseconds or NEVER.

    customer, owner: codes from 0 on; kind: its place in the order of kinds; hindered: a Place from WAITS on, or 0;
    is_call: whether its customer is called for it.
    """

    customer: Whole
    owner: Whole
    kind: Whole
    due: Whole
    agreed: Whole
    ready: Whole
    hindered: Whole
    is_call: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """When customers were contacted before, in two columns of one length, in any order."""

    customer: Whole
    at: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What is planned of each item: columns in the order of the items. `lead` is the place of the contact's item."""

    place: npt.NDArray[np.int8]
    at: Whole  # when its contact is made; NEVER where none is
    lead: Whole  # -1 where there is none
    is_agreed: Flags


def place_items(items: Items, contacts: Contacts, caps: Sequence[Cap], start_us: int, end_us: int) -> Placed:
    """Plan the stretch from `start_us` (now, or the day's beginning) to `end_us`."""
    is_agreed = (items.agreed >= start_us) & (items.agreed != NEVER)
    at = np.where(is_agreed, items.agreed, np.maximum(items.ready, start_us))
    place = items.hindered.astype(np.int8)
    place[(place == 0) & (at >= end_us)] = Place.NO_WINDOW
    at_desk = (place == 0) & ~items.is_call
    place[at_desk] = Place.DESK
    lead = np.where(at_desk, np.arange(len(place)), -1)
    order = _ordered(items, is_agreed, at, place)
    _lead(items, order, at, is_agreed, lead)
    _hold_back(items, contacts, caps, order, at, is_agreed, lead, place)
    rides = (place == 0) & (lead != np.arange(len(lead)))
    place[rides] = Place.RIDES
    is_made = (place == Place.CONTACT) | rides | at_desk
    lead[~is_made] = -1
    return Placed(place=place, at=np.where(is_made, at[lead], NEVER), lead=lead, is_agreed=is_agreed & is_made)


def _ordered(items: Items, is_agreed: Flags, at: Whole, place: npt.NDArray[np.int8]) -> Whole:
    """The places of what can be contacted: by customer, and the most urgent of each first."""
    free = np.flatnonzero(place == 0)
    urgency = np.where(is_agreed[free], at[free], items.due[free])
    return free[np.lexsort((items.kind[free], urgency, ~is_agreed[free], items.customer[free]))]


def _lead(items: Items, order: Whole, at: Whole, is_agreed: Flags, lead: Whole) -> None:
    """Find for each item the one whose contact serves it: round by round, the first that is left of each owner."""
    left = order[np.lexsort((np.arange(len(order)), items.owner[order], items.customer[order]))]
    while len(left):
        customer, owner = items.customer[left], items.owner[left]
        is_first = np.ones(len(left), dtype=bool)
        is_first[1:] = (customer[1:] != customer[:-1]) | (owner[1:] != owner[:-1])
        firsts = left[is_first][np.cumsum(is_first) - 1]
        moment = at[firsts]
        # Who rides along is permitted by then, and not made late by waiting; what has its own time keeps it.
        in_time = (items.due[left] >= moment) | (items.due[left] < at[left])
        rides = np.where(is_agreed[left], at[left] == moment, (at[left] <= moment) & in_time) | is_first
        lead[left[rides]] = firsts[rides]
        left = left[~rides]


def _hold_back(
    items: Items,
    contacts: Contacts,
    caps: Sequence[Cap],
    order: Whole,
    at: Whole,
    is_agreed: Flags,
    lead: Whole,
    place: npt.NDArray[np.int8],
) -> None:
    """Mark what the caps leave no contact for. Planned contacts of one day all count for each other.

    An agreed time is the customer's own wish: it is kept, and counts for the others.
    """
    leads = order[lead[order] == order]
    if not len(leads):
        return
    customer = items.customer[leads]
    begins = np.flatnonzero(np.r_[True, customer[1:] != customer[:-1]])
    rank = np.arange(len(leads)) - np.repeat(begins, np.diff(np.r_[begins, len(leads)]))
    rooms = np.where(is_agreed[leads], NEVER, _rooms(customer, at[leads], contacts, caps))
    planned = np.zeros(int(customer.max()) + 1, dtype=np.int64)
    is_held = np.zeros(len(place), dtype=bool)
    # First the first contact of every customer, then the second ones …: each customer once in a round.
    rounds = np.split(np.argsort(rank, kind="stable"), np.cumsum(np.bincount(rank))[:-1])
    for mine in rounds:
        fits = planned[customer[mine]] < rooms[mine]
        planned[customer[mine[fits]]] += 1
        is_held[leads[mine[~fits]]] = True
    led = np.flatnonzero(lead >= 0)
    place[led[is_held[lead[led]]]] = Place.CAP


def _rooms(customer: Whole, at: Whole, contacts: Contacts, caps: Sequence[Cap]) -> Whole:
    """How many more contacts the caps permit each customer, were one made at `at`."""
    rooms = np.full(len(at), NEVER, dtype=np.int64)
    if not caps:
        return rooms
    longest = max(_microseconds(cap) for cap in caps)
    base = int(at.min()) - longest
    known = np.sort(contacts.customer * _WINDOW_US + np.clip(contacts.at - base, 0, _WINDOW_US - 1))
    after_all = np.searchsorted(known, (customer + 1) * _WINDOW_US, side="left")
    for cap in caps:
        since = np.clip(at - _microseconds(cap) - base, 0, _WINDOW_US - 1)
        had = after_all - np.searchsorted(known, customer * _WINDOW_US + since, side="right")
        rooms = np.minimum(rooms, cap.count - had)
    return rooms


def _microseconds(cap: Cap) -> int:
    return int(cap.span.total_seconds()) * 1_000_000
