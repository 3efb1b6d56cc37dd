"""Files with a mistake: it is told with file, sheet, row, column, found and expected, and nothing is imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.errors import PeopleError
from tests.schedulers.customers.bad_imports import BAD, UNREADABLE
from tests.schedulers.customers.importing import everybody, imported, with_agents, written

GOOD = "客户编号,姓名\nG1,好客户\n"


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_its_cell_and_nothing_is_imported(store: Engine, tmp_path: Path, name: str) -> None:
    """One sentence of one line; the good rows of the same import are not stored either."""
    with store.begin() as connection:
        with_agents(connection)
    content, sentence = BAD[name]
    good, bad = written(tmp_path, GOOD, "good"), written(tmp_path, content, "bad")
    outcome = imported(store, [good, bad])
    assert [each.sentence() for each in outcome.found.refusals] == [sentence.format(file=bad)]
    assert (outcome.stored, outcome.found.refused) == (False, 1)
    assert everybody(store) == []
    partial = imported(store, [bad, good], partial=True)
    assert partial.stored
    assert "G1" in {each.id for each in everybody(store)}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_whole(store: Engine, tmp_path: Path, name: str) -> None:
    """In one sentence with its path; a file before it is not half-imported."""
    content, sentence = UNREADABLE[name]
    good, bad = written(tmp_path, GOOD, "good"), written(tmp_path, content, "bad")
    with pytest.raises(PeopleError) as refused:
        imported(store, [good, bad])
    assert str(refused.value) == sentence.format(file=bad)
    assert everybody(store) == []


def test_there_are_at_least_forty_of_them() -> None:
    """The issue asks for forty."""
    assert len(BAD) + len(UNREADABLE) >= 40
