"""Customers and agents as these pages write them: names and numbers hidden from who has no right to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from schedulers.customers.records import TELEPHONE, Customer
from schedulers.followups.records import FollowUp
from service.dashboard import numerals
from service.dashboard.rows import initial_of
from service.dashboard.words import Words
from service.desk.masking import masked_text
from service.desk.shapes import number_of

_MOBILE = re.compile(r"\+861\d{10}")
NameOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """In whose words and how openly people are told of."""

    words: Words
    open: bool  # numbers and names whole
    name_of: NameOf

    def number(self, number: str | None) -> str:
        """A customer's number; a Chinese mobile as it is said at home."""
        if number is None:
            return numerals.DASH
        shown = number.removeprefix("+86") if _MOBILE.fullmatch(number) else number
        return shown if self.open else numerals.mask(shown)

    def name(self, customer: Customer | None) -> str:
        """A customer's name, of which the first letter shows to everybody; '' where there is none."""
        name = (customer.name or "") if customer else ""
        return name if self.open or not name else name[0] + "**"

    def text(self, text: str) -> str:
        """Words in which somebody may have written a number."""
        return text if self.open else masked_text(text)

    def customer(self, customer: Customer | None, item: FollowUp | None) -> str:
        """Who a follow-up is owed to: name and number, or his id where neither is known."""
        number = number_of(item, customer) if item else None
        told = [self.name(customer), self.number(number) if number else ""]
        return " ".join(each for each in told if each) or self.id_of(item.customer if item else "")

    def id_of(self, customer_id: str) -> str:
        """A customer's id; where it is made of his number, that."""
        if customer_id.startswith(TELEPHONE):
            return self.number(customer_id.removeprefix(TELEPHONE))
        return customer_id or numerals.DASH

    def agent(self, agent: str) -> str:
        """An agent's name, else his number."""
        return self.words.person(agent, self.name_of(agent)) if agent else numerals.DASH

    def initial(self, agent: str) -> str:
        """What stands for an agent in a circle."""
        return initial_of(self.agent(agent))


def customer_link(customer_id: str, follow_up: str) -> str:
    """Where a customer's page is: by his id, or by something owed to him where his id is made of his number."""
    if customer_id.startswith(TELEPHONE):
        return f"/customers/of/{follow_up}" if follow_up else ""
    return f"/customers/{quote(customer_id, safe='')}"
