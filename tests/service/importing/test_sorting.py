"""Lines in order, however many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.importing.sorting import SortedLines

LINES = st.lists(st.tuples(st.tuples(st.integers(), st.text()), st.text(st.characters(exclude_characters="\r\n"))))


@given(lines=LINES, run_bytes=st.integers(0, 40))
def test_lines_come_in_order_of_their_keys_however_small_the_runs(
    lines: list[tuple[tuple[int, str], str]], run_bytes: int
) -> None:
    """Sorted runs on disk, merged, are what sorting all at once gives."""
    with SortedLines(run_bytes) as found:
        for key, line in lines:
            found.add(key, line)
        assert list(found.lines()) == [line for _, line in sorted(lines)]
