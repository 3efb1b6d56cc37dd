"""What cannot be done about a destruction.

ServiceError
└── DestructionError    an act, a list or a hold is refused: what was found and what was expected
    └── NotKnownError   a log-in that confirms an act is wrong, locked, or lacks the right
"""

from __future__ import annotations

from service.errors import ServiceError


class DestructionError(ServiceError):
    """An act, a list or a hold is refused."""


class NotKnownError(DestructionError):
    """Who confirms is not who he says, or may not: one sentence for all of it."""
