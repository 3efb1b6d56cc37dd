"""What a centre wants of a talk's sound, by the policy in force: what proposals are judged by."""

from __future__ import annotations

from datetime import datetime

from analytics.quality.automatic import Targets
from config.policies import Policy


def targets_of(policy: Policy, at: datetime) -> Targets:
    """The targets at an instant: C1's, as long as a policy cannot name others."""
    policy.resolve(at)
    return Targets()
