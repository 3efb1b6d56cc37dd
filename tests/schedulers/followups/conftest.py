"""The small centre's rules, and a customer of it."""

from __future__ import annotations

import pytest

from schedulers.followups.rules import Rules
from tests.schedulers.followups.worlds import KINDS, Page, policy_of, rules_of


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """The small centre's rules."""
    return rules_of(policy_of(tmp_path_factory.mktemp("policy"), KINDS))


@pytest.fixture
def page(rules: Rules) -> Page:
    """A customer who received his report on a Monday morning."""
    page = Page(rules)
    page.arise("event:report", "2026-11-02 09:00")
    return page
