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
    config: pytest.Config, key: pytest.StashKey[Made], make: Callable[[], AbstractContextManager[Made]]
) -> Made:
    """What `make` gives, from the first that asks until the end of the run (with xdist: of this process)."""
    if key not in config.stash:
        stack = ExitStack()
        config.stash[key] = stack.enter_context(make())
        config.add_cleanup(stack.close)
    return config.stash[key]
