"""The centre of these tests."""

from __future__ import annotations

from tests.service.destroying.yard import yard

__all__ = ["yard"]
