"""A pytest plugin that sets how many examples a property test tries: many for `make fuzz`, few for `./test --fast`.

`THREERINGS_EXAMPLES` is the number. A test that sets its own number of examples keeps it.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure(config: pytest.Config) -> None:
    """Makes the profile before the tests are imported: their settings are made from it."""
    settings.register_profile(
        "chosen",
        max_examples=int(os.environ["THREERINGS_EXAMPLES"]),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("chosen")
