"""A pytest plugin for `make fuzz`: every property test tries FUZZ_EXAMPLES examples, however long that takes.

A test that sets its own number of examples keeps it.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure(config: pytest.Config) -> None:
    """Makes the profile before the tests are imported: their settings are made from it."""
    settings.register_profile(
        "fuzz",
        max_examples=int(os.environ["FUZZ_EXAMPLES"]),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("fuzz")
