"""The book of what is owed as this installation keeps it: by its policy and people, with notices of what changes.

Whoever changes a follow-up, the service, a command or the API, does it through such a book, so that nobody is left
untold.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine

from analytics.people.people_store import load_people, people_of_policy
from analytics.people.records import People
from config.policies import Policy
from config.settings import Settings
from schedulers.book import Also, Book
from schedulers.followups.records import Change
from schedulers.followups.rules import Rules
from schedulers.notices.outbox import put
from schedulers.notices.telling import telling
from schedulers.staff import PeopleStaff
from service.noticing import telling_by


def book_of(engine: Engine, policy: Policy, settings: Settings) -> Book:
    """The book by the people of the store, or by the policy's where none are stored. Raises SQLAlchemyError."""
    rules = rules_of(engine, policy)
    return Book(engine=engine, rules=rules, also=_telling(rules, settings))


def rules_of(engine: Engine, policy: Policy) -> Rules:
    """The policy, and who works here now."""
    with engine.connect() as connection:
        people = load_people(connection)
    everybody = people_of_policy(policy) if people == People() else people
    return Rules(policy, PeopleStaff(everybody, policy.zone))


def _telling(rules: Rules, settings: Settings) -> Also:
    def tell(connection: Connection, changes: Sequence[Change]) -> None:
        for change in changes if settings.notices.channels else ():
            promises = rules.promises(change.after)
            wanted = telling(change, rules.kind(change.after), promises)
            put(connection, wanted, telling_by(settings, promises))

    return tell
