"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# A busy machine may take long over one example, and that says nothing of the example.
settings.register_profile("threerings", deadline=None)
settings.load_profile("threerings")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command under test sets up logging for its own process; the next test begins without."""
    yield
    structlog.reset_defaults()
