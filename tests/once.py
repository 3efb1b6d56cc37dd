"""What is costly to make and nobody changes, made once in a run.

A fixture that several folders import is to pytest another one in each, so a session's fixture alone would be made again
for every folder.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def once(
    session: pytest.Session, key: pytest.StashKey[Made], make: Callable[[], AbstractContextManager[Made]]
) -> Made:
    """What `make` gives, from the first that asks until the end of the tests (with xdist: of this process)."""
    if key not in session.stash:
        stack = ExitStack()
        session.stash[key] = stack.enter_context(make())
        # Not as late as `config.add_cleanup`: a process of xdist is killed ten seconds after its last test.
        session.addfinalizer(stack.close)
    return session.stash[key]
