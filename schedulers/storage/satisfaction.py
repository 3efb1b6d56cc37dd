"""What customers answered: satisfaction among the follow-ups that were due in a period, as things stood at an instant.

Whether a customer is satisfied is what was recorded with the fulfilled follow-up; marks are the newest ones of each
question. Who refused and who was not reached stands beside it: they are not among the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from schedulers.followups.records import State
from schedulers.storage.coverage import Chosen, within
from schedulers.storage.followup_models import follow_up_answers, follow_up_changes, follow_ups
from telephony.clock import to_microseconds

REFUSED = frozenset({"refused"})
UNREACHED = frozenset({"unreachable", "wrong_contact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """Of one kind. `marks` are how many gave which mark, by question. Rates over less than the survey's `least`
    answers are not to be shown."""

    kind: str
    satisfied: int = 0
    unsatisfied: int = 0
    refused: int = 0
    unreached: int = 0
    marks: dict[str, dict[int, int]] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many said whether they are satisfied: n."""
        return self.satisfied + self.unsatisfied


def load_satisfaction(connection: Connection, chosen: Chosen) -> tuple[Satisfaction, ...]:
    """By kind, in their order; of the kinds of which something was fulfilled or closed."""
    marks = _marks(connection, chosen)
    changes = follow_up_changes.c
    parts = (changes.kind, changes.state, changes.reason, follow_ups.c.content)
    joined = follow_up_changes.join(follow_ups, follow_ups.c.id == changes.follow_up)
    wanted = select(*parts, func.count().label("number")).select_from(joined)
    ended = within(wanted, chosen).where(changes.state != State.OPEN.value)
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(ended.group_by(*parts)):
        rows[row.kind].append(row)
    return tuple(_of_kind(kind, rows[kind], marks.get(kind, {})) for kind in sorted(rows))


def _of_kind(kind: str, rows: Iterable[Row[Any]], marks: dict[str, dict[int, int]]) -> Satisfaction:
    counts = {"satisfied": 0, "unsatisfied": 0, "refused": 0, "unreached": 0}
    for row in rows:
        if row.state == State.DONE.value and row.content is not None:
            counts["satisfied" if row.content else "unsatisfied"] += row.number
        elif row.state == State.CLOSED.value and row.reason in REFUSED:
            counts["refused"] += row.number
        elif row.state == State.CLOSED.value and row.reason in UNREACHED:
            counts["unreached"] += row.number
    return Satisfaction(kind=kind, marks=marks, **counts)


def _marks(connection: Connection, chosen: Chosen) -> dict[str, dict[str, dict[int, int]]]:
    """By kind, question and mark: of each follow-up and question the newest mark up to the instant."""
    answers, changes = follow_up_answers.c, follow_up_changes.c
    newest = func.row_number().over(
        partition_by=(answers.follow_up, answers.question), order_by=(answers.at_us.desc(), answers.key.desc())
    )
    given = (
        within(select(changes.kind, answers.question, answers.mark, newest.label("place")), chosen)
        .select_from(follow_up_changes.join(follow_up_answers, answers.follow_up == changes.follow_up))
        .where(
            changes.state == State.DONE.value,
            answers.mark.is_not(None),
            answers.at_us <= to_microseconds(chosen.as_of),
        )
        .subquery()
    )
    parts = (given.c.kind, given.c.question, given.c.mark)
    wanted = select(*parts, func.count().label("number")).where(given.c.place == 1).group_by(*parts)
    found: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in connection.execute(wanted.order_by(*parts)):
        found[row.kind][row.question][row.mark] = row.number
    return found
