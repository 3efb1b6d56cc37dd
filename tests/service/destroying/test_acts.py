"""Who has to do what before anything is destroyed: no order of acts by no persons goes around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.destroying.acts import PRESENCE, Act, Left, Person, Stage, Standing, Step, fold, follow, left
from service.destroying.errors import DestructionError

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
PEOPLE = [
    Person(account=n, login=f"p{n}", name=f"P {n}", agent="1001" if n in (1, 2) else None) for n in range(1, 7)
]
ANN, ANN_TOO, BO, CY, DI, EL = PEOPLE
"""Two of the accounts are one agent's."""


def did(act: Act, who: Person, minutes: float = 0) -> Step:
    """An act so many minutes after the first."""
    return Step(act=act, person=who, at=NOW + timedelta(minutes=minutes))


APPROVED = [did(Act.MAKE, ANN), did(Act.REVIEW, BO), did(Act.APPROVE, CY)]


def test_five_acts_of_different_persons_lead_to_the_destruction() -> None:
    """Registrar, reviewer, director, and two who are present: then one of these begins."""
    steps = [*APPROVED, did(Act.ATTEND, DI, 1), did(Act.ATTEND, EL, 2), did(Act.BEGIN, EL, 3)]
    assert fold(steps).stage is Stage.CARRYING
    assert fold([*steps, did(Act.FINISH, EL, 4)]).stage is Stage.DONE


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([did(Act.MAKE, BO), did(Act.REVIEW, BO)], "review: found p3, who did make, expected another person"),
        ([did(Act.MAKE, ANN), did(Act.REVIEW, ANN_TOO)], "review: found p2, who did make, expected another person"),
        (
            [did(Act.MAKE, ANN), did(Act.REVIEW, BO), did(Act.APPROVE, BO)],
            "approve: found p3, who did review, expected another person",
        ),
        ([did(Act.MAKE, ANN), did(Act.APPROVE, CY)], "approve: found a list that is made, expected reviewed"),
        ([*APPROVED, did(Act.ATTEND, DI), did(Act.BEGIN, DI)], "begin: found 1 present, expected 2"),
        (
            [*APPROVED, did(Act.ATTEND, ANN), did(Act.ATTEND, ANN_TOO), did(Act.BEGIN, ANN)],
            "begin: found 1 present, expected 2",
        ),
        (
            [*APPROVED, did(Act.ATTEND, DI), did(Act.ATTEND, EL), did(Act.BEGIN, CY)],
            "begin: found p4, expected one of the two who are present",
        ),
        (
            [*APPROVED, did(Act.ATTEND, DI), did(Act.ATTEND, EL, 14), did(Act.BEGIN, EL, 15)],
            "begin: found 1 present, expected 2",
        ),
        (
            [*APPROVED, did(Act.DROP, BO), did(Act.ATTEND, DI)],
            "attend: found a list that is dropped, expected approved",
        ),
    ],
)
def test_what_is_missing_or_done_by_one_person_is_refused_in_words(steps: list[Step], found: str) -> None:
    """Two accounts of one agent are one person; who was present a quarter of an hour ago is not."""
    with pytest.raises(DestructionError, match=found):
        fold(steps)


def test_what_is_left_to_do_is_told_in_order() -> None:
    """From the list to the beginning; who is present counts for as long as he is."""
    assert left(fold(APPROVED[:1]), NOW) == tuple(Left)
    assert left(fold(APPROVED), NOW) == (Left.FIRST_PRESENT, Left.SECOND_PRESENT, Left.BEGIN)
    attended = fold([*APPROVED, did(Act.ATTEND, DI)])
    assert left(attended, NOW) == (Left.SECOND_PRESENT, Left.BEGIN)
    assert left(attended, NOW + PRESENCE) == (Left.FIRST_PRESENT, Left.SECOND_PRESENT, Left.BEGIN)


STEPS = st.lists(
    st.builds(did, st.sampled_from(list(Act)), st.sampled_from(PEOPLE), st.integers(min_value=0, max_value=40)),
    max_size=30,
)


@given(STEPS)
def test_no_order_of_acts_by_no_persons_comes_to_carrying_without_all_five(steps: list[Step]) -> None:
    """Whatever is tried, in time's order: what is refused changes nothing, and what is carried out had all of it."""
    standing: Standing | None = None
    taken: list[Step] = []
    for step in sorted(steps, key=lambda each: each.at):
        try:
            standing = follow(standing, step)
        except DestructionError:
            continue
        taken.append(step)
    if standing is None or standing.stage not in (Stage.CARRYING, Stage.DONE):
        return
    by = {step.act: step.person for step in taken if step.act is not Act.ATTEND}
    begun = next(step for step in taken if step.act is Act.BEGIN)
    three = [by[Act.MAKE], by[Act.REVIEW], by[Act.APPROVE]]
    assert not any(one.is_same(other) for n, one in enumerate(three) for other in three[n + 1 :])
    here = [s.person for s in taken if s.act is Act.ATTEND and begun.at - PRESENCE < s.at <= begun.at]
    assert any(not one.is_same(other) for one in here for other in here)
    assert any(each.is_same(begun.person) for each in here)
    order = [step.act for step in taken if step.act is not Act.ATTEND]
    assert order[:4] == [Act.MAKE, Act.REVIEW, Act.APPROVE, Act.BEGIN]
