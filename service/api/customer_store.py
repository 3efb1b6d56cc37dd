"""What the API reads and writes of customers; blocking, so called in worker threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from analytics.people import cells
from analytics.people.row_readers import CellError
from analytics.storage.models import calls
from config.policies import Policy
from schedulers.customers.columns import Header
from schedulers.customers.differences import as_json
from schedulers.customers.records import Customer
from schedulers.customers.row_readers import Row, Rules, read_customer
from schedulers.customers.told import Told, laid_over
from schedulers.storage.customer_writing import Origin, Write, load_changes, write
from schedulers.storage.customers import CustomerFilter, aliases_of, load, load_spend, page
from service.api.customer_shapes import LONGEST, TEXTS
from service.api.errors import ApiError
from service.customers_import import rules_of
from service.customers_showing import told_change
from telephony.numbers import heard_forms, to_e164


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A customer with all that is known of him; `calls` are ids, the newest first."""

    body: dict[str, Any]
    calls: tuple[str, ...]


class CustomerStore:
    """Customers, for reading through one engine and for writing through another."""

    def __init__(self, reading: Engine, writing: Engine, policy: Callable[[], Policy]) -> None:
        self._reading = reading
        self._writing = writing
        self._policy = policy

    def page(self, which: CustomerFilter, limit: int, after: str) -> tuple[list[Customer], bool]:
        """A page of customers, and whether there are more. A number may be written as people do."""
        number = which.number and (to_e164(which.number, self._policy().country) or which.number)
        with self._reading.connect() as connection:
            found = page(connection, replace(which, number=number), limit=limit + 1, after=after)
        return found[:limit], len(found) > limit

    def history(self, customer_id: str, limit: int) -> History | None:
        """A customer by any id that he ever had, with so many of his calls; None where there is none."""
        with self._reading.connect() as connection:
            found = load(connection, [customer_id]).get(customer_id)
            if found is None:
                return None
            country = self._policy().country
            forms = [form for each in found.callable_numbers() for form in heard_forms(each.number, country)]
            began = (calls.c.started_us.desc(), calls.c.id.desc())
            wanted = select(calls.c.id).where(calls.c.customer.in_(forms)).order_by(*began).limit(limit)
            body = {
                "customer": as_json(found),
                "aliases": list(aliases_of(connection, found.id)),
                "spend": load_spend(connection, found.id),
                "changes": [told_change(each, masked=False) for each in load_changes(connection, found.id)],
            }
            return History(body=body, calls=tuple(connection.execute(wanted).scalars()) if forms else ())

    def put(self, customer_id: str, content: Mapping[str, Any], by: str, at: datetime) -> tuple[Customer, bool]:
        """Lay what a request tells over a customer; as he is then, and whether he is new. Raises ApiError 400."""
        with self._writing.begin() as connection:
            told = told_of(customer_id, content, rules_of(connection, self._policy(), at))
            before = load(connection, [told.id], to_change=True).get(told.id)
            named = replace(told, id=before.id) if before else told
            after = laid_over(named, before, at)
            write(connection, [Write(before=before, after=after, origin=Origin(by=by, at=at))])
        return after, before is None


def told_of(customer_id: str, content: Mapping[str, Any], rules: Rules) -> Told:
    """What a request tells, read as a row of a file is. Raises ApiError 400."""
    if cells.plain(customer_id) != customer_id or not customer_id.isprintable() or len(customer_id) > LONGEST:
        raise ApiError(
            400, "bad_customer_id", f"customer_id: expected a text of up to {LONGEST} characters that prints"
        )
    row = _Laid()
    row.add("id", customer_id)
    for name in TEXTS:
        if name in content:
            row.add(name, _dash(content[name], name))
    if "consent" in content:
        row.add("consent", {True: "yes", False: "no", None: "-"}[content["consent"]])
    _add_wish(row, content)
    for text in content.get("numbers", ()):
        row.add_number(_dash(text, "numbers"))
    if content.get("numbers") == []:
        row.add_number("-")
    for name, value in content.get("figures", {}).items():
        row.add_figure(name, "-" if value is None else str(int(value)))
    return row.read(rules)


def _add_wish(row: _Laid, content: Mapping[str, Any]) -> None:
    if "do_not_call" not in content:
        return
    wish = content["do_not_call"]
    row.add("do_not_call", "no" if wish is None else "yes")
    for name in ("reason", "until"):
        if wish and wish.get(name) is not None:
            row.add(f"do_not_call_{name}", _dash(wish[name], f"do_not_call.{name}"))


def _dash(text: str | None, place: str) -> str:
    """A text as a cell: a dash takes back. One of spaces only tells nothing, and is refused."""
    if text is not None and not cells.plain(text):
        raise ApiError(400, "bad_content", f"body.{place}: found only spaces, expected a text or null")
    return "-" if text is None else text


class _Laid:
    """A row in the making, with its header: columns are called as the keys of the request."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._numbers: list[tuple[int, str]] = []
        self._figures: list[tuple[int, str]] = []
        self._titles: dict[int, str] = {}
        self._values: list[object] = []

    def add(self, name: str, value: object) -> None:
        self._places[name] = self._place(name.replace("do_not_call_", "do_not_call."), value)

    def add_number(self, value: object) -> None:
        self._numbers.append((self._place("numbers", value), ""))

    def add_figure(self, name: str, value: object) -> None:
        self._figures.append((self._place(f"figures.{name}", value), name))

    def _place(self, title: str, value: object) -> int:
        self._titles[len(self._values)] = f"body.{title}"
        self._values.append(value)
        return len(self._values) - 1

    def read(self, rules: Rules) -> Told:
        """What it tells. Raises ApiError 400."""
        header = Header(
            places=self._places,
            numbers=tuple(self._numbers),
            figures=tuple(self._figures),
            titles=self._titles,
            unread=(),
        )
        try:
            told, wrong = read_customer(Row(header, self._values), header, rules)
        except CellError as bad:
            raise ApiError(400, "bad_content", f"{bad.column}: {bad.why}") from None
        if wrong:
            raise ApiError(400, "bad_content", "{}: {}".format(*wrong[0]))
        return told
