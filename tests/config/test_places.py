"""Tests of config.places: the line of a key in a TOML text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.places import KeyLines, KeyPath

TEXT = '''a = 1
b.c = 2
"d e" = """
f = 3
[g]
"""
[h]
i = [
  1,
]
[ "j.k" . l ]
m = 4
[[n]]
o = 5
[n.p]
q = 6
[[n]]
  o = 7
[[n.r]]
s = 8
[[n.r]]
s = 9
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("b", "c"), 2),
        (("d e",), 3),
        (("f",), None),
        (("h",), 7),
        (("h", "i"), 8),
        (("h", "i", 0), 8),
        (("h", "absent"), 7),
        (("j.k", "l", "m"), 12),
        (("n", 0, "o"), 14),
        (("n", 0, "p", "q"), 16),
        (("n", 1), 17),
        (("n", 1, "o"), 18),
        (("n", 1, "r", 0, "s"), 20),
        (("n", 1, "r", 1, "s"), 22),
        (("absent",), None),
    ],
)
def test_a_key_is_found_in_its_line(path: KeyPath, line: int | None) -> None:
    """Dotted keys, tables, lists of tables and multi-line strings; what is absent has its table's line."""
    tomllib.loads(TEXT)
    assert KeyLines(TEXT).line_of(path) == line


@given(st.text(), st.lists(st.one_of(st.text(), st.integers())))
def test_any_text_is_searched_without_an_error(text: str, path: list[str | int]) -> None:
    """A line is a help only: whatever the text is, the answer is None or one of its lines."""
    line = KeyLines(text).line_of(tuple(path))
    assert line is None or 1 <= line <= text.count("\n") + 1
