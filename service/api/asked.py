"""A request that was understood, and the answer before it has a format."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from analytics.metrics.periods import Period
from config.settings import Language
from service.api.endpoints import Endpoint
from service.api.errors import ApiError
from service.api.limits import MAX_TEXT, MAX_VALUES
from service.api.parameters import Place
from service.api.readers import Now, refused
from service.auth.guard import Bearer
from service.auth.tokens import Scope
from telephony.clock import from_microseconds

SETTLED = timedelta(hours=2)
"""So long after its end a period's calls are over, and it need not be counted anew each second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: the parameters by name, read and checked.

    media: the format of the answer. whole: whether an answer with pages is wanted in one file.
    content: what the request brings, as its schema says.
    """

    values: Mapping[str, Any]
    now: datetime
    language: Language
    media: str
    whole: bool
    bearer: Bearer
    content: Any = None

    @property
    def masked(self) -> bool:
        """Whether customers' numbers and names are hidden from him."""
        return Scope.PEOPLE not in self.bearer.scopes

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def as_of(self) -> datetime:
        """The instant up to which open intervals are counted."""
        asked: datetime | None = self.values.get("as_of")
        return asked or settled(self.values["period"], self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer as JSON has it. `following` is the cursor of the next page."""

    body: dict[str, Any]
    following: str | None = None
    status: int = 200


Operation = Callable[[Asked], Awaitable[Answer]]


def settled(period: Period, now: datetime) -> datetime:
    """Now, to the second; for a period that has been over for two hours the last full hour: one answer an hour."""
    if from_microseconds(period.end_us) + SETTLED <= now:
        return now.replace(minute=0, second=0, microsecond=0)
    return now.replace(microsecond=0)


def read_values(request: web.Request, endpoint: Endpoint, now: Now) -> dict[str, Any]:
    """All parameters of an endpoint. Raises ApiError for one that is unknown, missing or wrong."""
    _refuse_unknown(request, endpoint)
    found = {}
    for parameter in endpoint.known:
        texts = _texts(request, parameter.name, parameter.place)
        for text in texts:
            _check_text(parameter.name, text)
        if parameter.required and not texts:
            raise refused(parameter.name, "none", f"one, such as {parameter.example}")
        found[parameter.name] = parameter.read(parameter.name, texts, now)
    return found


def _texts(request: web.Request, name: str, place: Place) -> list[str]:
    if place is Place.PATH:
        return [request.match_info[name]]
    return [str(each) for each in request.query.getall(name, [])]


def _check_text(name: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise refused(name, f"{len(text)} characters", f"at most {MAX_TEXT}")
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise refused(name, "a character that is none", "text")


def _refuse_unknown(request: web.Request, endpoint: Endpoint) -> None:
    """A parameter that nobody reads is a slip."""
    known = endpoint.in_query
    unknown = sorted(set(request.query) - known)
    if unknown:
        expected = ", ".join(sorted(known)) or "none"
        found = ascii(unknown[0][:40]).strip("'")
        raise ApiError(400, "unknown_parameter", f"{found}: found an unknown parameter, expected {expected}")
    if len(request.query) > MAX_VALUES:
        found_count = len(request.query)
        raise ApiError(400, "bad_request", f"query: found {found_count} values, expected at most {MAX_VALUES}")
