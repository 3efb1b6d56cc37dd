"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command under test sets up logging for its own process; the next test begins without."""
    yield
    structlog.reset_defaults()
