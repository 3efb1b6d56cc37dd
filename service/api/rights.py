"""What a session needs where a token needs scopes: a right by what is asked about, and to see the whole centre.

An answer of the API is of the centre and is not cut down to a group; who sees a part of it has the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.api.endpoint import Endpoint, Method, Tag
from service.api.errors import ApiError
from service.auth.guard import Bearer
from service.auth.rights import Right

RIGHT_OF: Mapping[Tag, Right] = MappingProxyType(
    {
        Tag.FIGURES: Right.FIGURES,
        Tag.CALLS: Right.RECORDS,
        Tag.RECORDINGS: Right.LISTEN,
        Tag.CUSTOMERS: Right.CUSTOMERS,
        Tag.FOLLOWUPS: Right.PROMISES,
        Tag.CAMPAIGNS: Right.PROMISES,
    }
)
"""The right to read; what tells of the API itself needs none."""


def check_session(bearer: Bearer, endpoint: Endpoint) -> None:
    """Raises ApiError 403 where a session does not allow it; a token is judged by its scopes alone."""
    visitor = bearer.visitor
    needed = RIGHT_OF.get(endpoint.tag)
    if visitor is None or needed is None:
        return
    if endpoint.tag is Tag.CAMPAIGNS and endpoint.method is not Method.GET:
        needed = Right.CAMPAIGNS
    if needed not in visitor.rights:
        raise ApiError(403, "forbidden", f"session: found an account without it, expected the right {needed}")
    if not visitor.sight.everything:
        expected = "one that sees the whole centre; the pages show each his part"
        raise ApiError(403, "forbidden", f"session: found an account that sees a part, expected {expected}")
