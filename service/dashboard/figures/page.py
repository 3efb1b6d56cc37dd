"""What the pages of records and figures have in common: what they are about, the switch of days, and who sees less."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from analytics.metrics.periods import clock_of
from analytics.metrics.query import Result
from service.dashboard.figures.asking import About
from service.dashboard.figures.call_rows import NAMES
from service.dashboard.figures.cells import Opener
from service.dashboard.figures.charts import Chart, Datum, columns
from service.dashboard.figures.scope import Scope
from service.dashboard.figures.source import FigureSource
from service.dashboard.figures.spells import NAMED, in_words, read_spell
from service.dashboard.frame import Frame
from service.dashboard.query import QueryError
from service.dashboard.rendering import Renderer
from service.dashboard.words import Words
from telephony.clock import to_microseconds


class FigurePage:
    """A room over one source."""

    def __init__(self, source: FigureSource, frame: Frame, renderer: Renderer) -> None:
        self._source = source
        self._frame = frame
        self._renderer = renderer
        self._turns = asyncio.Semaphore(2)

    async def close(self, app: web.Application) -> None:
        """Nothing is held open."""

    def _about(self, request: web.Request, default: str, *, period: str = "", **filters: str) -> About:
        """The days and filters of an address. Raises QueryError."""
        policy, now = self._source.policy, self._source.now()
        today = clock_of(policy).day_of(to_microseconds(now))
        spell = read_spell(period or request.query.get("period", ""), today, default)
        scope = Scope(seen=self._frame.seen(request), **filters)
        return About(spell=spell, scope=scope, policy=policy, as_of=now)

    def _shown(
        self, template: str, request: web.Request, about: About, words: Words, **values: Any
    ) -> web.Response:
        """A page with its days, their neighbours, its gaps, and whether it is the whole."""
        spell, reader = about.spell, self._frame.reader(request)[0]
        following = spell.after()
        return self._frame.shown(
            template, request, gaps=self._source.gaps(spell.period(about.policy)), days=in_words(words, spell),
            spell=spell, as_of_text=words.moment(about.as_of) if spell.unfinished else "",
            previous=reader.here(period=spell.before().key, after=""),
            following=reader.here(period=following.key, after="") if following else "",
            spells=[
                (word, reader.here(period=word, after=""), read_spell(word, spell.today).key == spell.key)
                for word in NAMED
            ],
            in_part=not about.scope.seen.everything, file_query=_file_query(request, about),
            column_names={key: words.gettext(name) for key, name in NAMES.items()},
            **values,
        )  # fmt: skip

    def _groups(self, about: About) -> list[str]:
        """The groups of whom the visitor sees."""
        seen = about.scope.seen
        return sorted({each.group for each in about.policy.agents if each.group and seen.agent(each.agent)})

    def _agents(self, words: Words, about: About) -> list[tuple[str, str]]:
        """Whom one may filter by: the agents in force whom the visitor sees."""
        seen = about.scope.seen
        named = {each.agent: each.name for each in about.policy.agents if seen.agent(each.agent)}
        return [
            (agent, f"{words.person(agent, name)} {agent if name else ''}".strip())
            for agent, name in sorted(named.items())
        ]

    @staticmethod
    def _one_of(key: str, found: str, allowed: Collection[str]) -> str:
        if found not in allowed:
            raise QueryError(key, found, "one of " + ", ".join(allowed))
        return found


def _file_query(request: web.Request, about: About) -> str:
    """The filters of a page for its files, with what stands in its path."""
    kept = [
        (key, value) for key, value in request.query.items() if key not in ("lang", "theme", "after", "tab", "open")
    ]
    told = {key for key, _ in kept}
    more = {"agent": about.scope.agent, "queue": about.scope.queue, "period": about.spell.key}
    return "?" + urlencode(kept + [(key, value) for key, value in more.items() if value and key not in told])


def hours_chart(words: Words, found: Result, counted: str, rate: str, opener: Opener, target: int | None) -> Chart:
    """Columns of counts by the hour of the day, and the rate over them."""
    data = []
    for row in found.rows:
        fig = opener.fig(words, counted, row.values, hour=row.key[0])
        value = row.values[rate]
        data.append(
            Datum(
                label=f"{row.key[0]}:00", value=int(row.values[counted] or 0), said=fig.text,
                rate=None if value is None else Fraction(value), link=fig.link, drill=fig.drill, exact=fig.exact,
            )
        )  # fmt: skip
    goal = None if target is None else Fraction(target, 100)
    said = words.gettext("target %(n)s%%", n=target) if target is not None else ""
    label = words.gettext("By hour")
    return columns(label, data, target=goal, target_text=said)
