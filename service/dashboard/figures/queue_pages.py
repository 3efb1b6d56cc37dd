"""The pages of queues, all and one: how long callers waited, by the hour, and who answered them."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from analytics.metrics.cells import Group
from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard.figures import charts, people
from service.dashboard.figures.asking import About, known_counts, values_of
from service.dashboard.figures.page import FigurePage, hours_chart
from service.dashboard.figures.rates_bar import rates_bar
from service.dashboard.figures.tables import Columns
from service.dashboard.query import check_keys
from service.dashboard.words import Words


class QueuePages(FigurePage):
    """The handlers, over one source."""

    places = frozenset({"queues"})

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/queues", self.queues), web.get("/queues/{queue}", self.queue)]

    async def queues(self, request: web.Request) -> web.Response:
        """GET /queues: how long callers waited in which queue."""
        need(request, Right.RECORDS)
        check_keys(request.query, ("period", "sort", "after"))
        reader, words = self._frame.reader(request)
        about = self._about(request, "today")
        columns = Columns(
            metrics=people.QUEUE_COLUMNS,
            sort=request.query.get("sort", ""),
            after=request.query.get("after", ""),
            reader=reader,
        )
        earlier = about.spell.compared()
        by_queue, whole, before, known = await self._source.ask(
            [
                about.query(columns.metrics, Group.QUEUE),
                about.query(columns.metrics),
                about.query(columns.metrics, spell=earlier),
                about.known(),
            ]
        )
        totals = people.whole_entries(words, whole, before, about.opener(), about.opener(earlier))
        table = columns.table(
            words, about.opener(), people.queue_entries(by_queue, about.spell, about.rules), totals
        )
        return self._shown(
            "queues.html", request, about, words, known=known_counts(known), table=table,
            rule=self._service_rule(words, about, whole.service_level.value),
        )  # fmt: skip

    async def queue(self, request: web.Request) -> web.Response:
        """GET /queues/enquiry: one queue by the hour, its waits, and who answers it."""
        need(request, Right.RECORDS)
        check_keys(request.query, ("period", "sort", "after"))
        reader, words = self._frame.reader(request)
        queue = request.match_info["queue"]
        about = self._about(request, "today", queue=queue)
        if not about.scope.may_see():
            return self._frame.missing(request)
        columns = Columns(
            metrics=("calls_handled", "talk_minutes", "three_ring_rate", "ring_losses", "average_handle_time"),
            sort=request.query.get("sort", ""), after=request.query.get("after", ""), reader=reader,
        )  # fmt: skip
        earlier = about.spell.compared()
        values, before, by_hour, by_agent, known, sounds, sounds_before = await self._source.ask(
            [
                about.query(people.QUEUE_TILES, distributions=("wait_spread", "abandoned_spread")),
                about.query(people.QUEUE_TILES, spell=earlier),
                about.query(("visits", "service_level"), Group.HOUR),
                about.query(columns.metrics, Group.AGENT),
                about.known(),
                about.query(people.SOUNDS),
                about.query(people.SOUNDS, spell=earlier),
            ]
        )
        level = about.policy.resolve(about.spell.period(about.policy).start).service_level
        note = people.service_note(words, values_of(values)["service_level"], level.target)
        spreads = values.row().spreads
        entries = people.agent_entries(words, by_agent, (), about.policy, about.spell, self._source.name_of, {})
        return self._shown(
            "queue.html", request, about, words, known=known_counts(known), queue=queue,
            tiles=people.strip(
                words, people.QUEUE_TILES, values_of(values), values_of(before), about.opener(), {"service_level": note}
            ),
            hours=hours_chart(words, by_hour, "visits", "service_level", about.opener(), level.target),
            waits=charts.waits(
                words, spreads["wait_spread"], spreads["abandoned_spread"], int(level.within.total_seconds())
            ),
            table=columns.table(words, about.opener(), entries),
            sounds=people.sound_strip(words, values_of(sounds), values_of(sounds_before), about, about.opener()),
            rates=rates_bar(words, values_of(sounds)),
            rule=self._service_rule(words, about, values.service_level.value),
            all_calls=f"/calls?{urlencode({'queue': queue, 'period': about.spell.key})}",
        )  # fmt: skip

    def _service_rule(self, words: Words, about: About, formula: str) -> str:
        level = about.policy.resolve(about.spell.period(about.policy).start).service_level
        return words.gettext(
            "Service level: answered within %(n)s s, by the formula %(formula)s; target %(target)s%%",
            n=int(level.within.total_seconds()), formula=formula, target=level.target,
        )  # fmt: skip
