"""What an endpoint is: one method of one path, who may ask it, and what its answer depends on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.api import parameters as p
from service.api.parameters import Parameter, Place
from service.auth.tokens import Scope


class Tag(StrEnum):
    """What an endpoint is about: the parts of the page."""

    FIGURES = "figures"  # metrics and the answers made of them
    CALLS = "calls"  # records of calls, and the gaps between them
    RECORDINGS = "recordings"  # files, and their sound
    CUSTOMERS = "customers"  # whom something may be owed to
    FOLLOWUPS = "followups"  # what is owed to customers, and what is done about it
    CAMPAIGNS = "campaigns"  # calls that are placed
    ACTS = "acts"  # what supervisors do on the PBX
    SERVICE = "service"  # the API itself


class Method(StrEnum):
    """What is done with a path."""

    GET = "GET"  # read; answers HEAD too
    PUT = "PUT"  # told anew, whole or in part: twice is as once
    POST = "POST"  # done


class Fresh(StrEnum):
    """What an answer depends on, and so what its ETag is made of."""

    STANDING = "standing"  # this version of the program alone
    STORED = "stored"  # the store, the rules and the question
    GAPS = "gaps"  # the same, and the gaps that are known
    MOMENT = "moment"  # this very moment: it has no ETag


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path. `name` is its operation and the handler's; `answer` a schema of the components.

    `content`: the schema of what the request brings, in the components too. `scopes`: what a token needs beside `read`,
    which it need not have where not `needs_read`: who only tells something. `makes`: whether something may be new
    afterwards: 201.
    `is_table`: whether it is given as CSV and Excel too. `missing`: the id of the error where nothing has this name.
    `is_sound`: whether it answers with a recording's bytes.
    `is_open`: whether it is answered without a token: it tells nothing of the centre.
    """

    path: str
    name: str
    en: str
    zh: str
    answer: str
    tag: Tag
    fresh: Fresh
    parameters: tuple[Parameter, ...] = ()
    is_table: bool = False
    is_limited: bool = False
    is_open: bool = False
    is_page: bool = False
    is_sound: bool = False
    makes: bool = False
    method: Method = Method.GET
    content: str | None = None
    scopes: tuple[Scope, ...] = ()
    needs_read: bool = True
    missing: str | None = None

    @property
    def route(self) -> str:
        """The path as aiohttp reads it: a call's id holds slashes."""
        return self.path.replace("{call_id}", "{call_id:.+}")

    @property
    def known(self) -> tuple[Parameter, ...]:
        """All parameters: those of the table, and those that every endpoint of its kind has."""
        if self.is_page:
            return (p.LANG, p.THEME)
        return (*self.parameters, p.LANG, *((p.FORMAT,) if self.is_table else ()))

    @property
    def in_query(self) -> frozenset[str]:
        """The names that a query may hold."""
        return frozenset(each.name for each in self.known if each.place is Place.QUERY)
