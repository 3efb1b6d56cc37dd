"""What is wrong with an account, a password or a login.

ServiceError
└── AccountError        what somebody wrote for an account, a right or a password cannot be
"""

from __future__ import annotations

from service.errors import ServiceError


class AccountError(ServiceError):
    """`place`: what it is about, `found` and `expected`; one line."""

    status = 2

    def __init__(self, place: str, found: str, expected: str) -> None:
        super().__init__(f"{place}: found {found}, expected {expected}")
        self.place = place
        self.found = found
        self.expected = expected
