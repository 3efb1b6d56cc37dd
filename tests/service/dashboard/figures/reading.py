"""Reading pages as a visitor does: the figures that open, what they open to, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.service.dashboard.conftest import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A figure that opens: what it links to, which metric, and what that adds up to."""

    href: str
    metric: str
    exact: int


@dataclass(slots=True)
class Read(HTMLParser):
    """What a page says to a test: openings, the parts of calls, the figure of the list, the next page."""

    openings: list[Opening] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    figure: int | None = None
    following: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "data-figure" in told:
            self.openings.append(
                Opening(href=told["href"], metric=told["data-figure"], exact=int(told["data-exact"]))
            )
        if "data-part" in told:
            self.parts.append(int(told["data-part"]))
        if "data-figure-of" in told:
            self.figure = int(told["data-exact"])
        if told.get("rel") == "next" and "data-key" not in told:
            self.following = told["href"]


async def read(client: Client, path: str) -> Read:
    """A page that answers well."""
    async with client.get(path) as response:
        text = await response.text()
        assert response.status == 200, (path, text[-400:])
    found = Read()
    found.feed(text)
    return found


async def added_up(client: Client, href: str) -> tuple[int | None, int]:
    """The figure that a list says it is behind, and the sum of its calls' parts on all of its pages."""
    page = await read(client, href)
    figure, total = page.figure, sum(page.parts)
    while page.following:
        page = await read(client, page.following)
        total += sum(page.parts)
    return figure, total
