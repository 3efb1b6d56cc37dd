"""The pages of listening to samples: the worklist, a sample with its card, and what is done with it.

Who does not see the agent gets the 404 of what is not there. Whatever is done is noted in the audit in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from analytics.errors import QualityError
from analytics.quality.appeals import decide
from analytics.quality.assigning import ToHear, may_hear
from analytics.quality.cards import Hand, calibrate, correct, submit
from analytics.quality.records import AppealState, CardKind, SampleState, final_of
from analytics.quality.samples import add_note, replace_sample, take_over, withdraw_note
from analytics.quality.scoring import Scores
from config.quality import Replacement
from service.auth.forms import ForeignPostError, own_form, own_json
from service.auth.rights import Right, Visitor
from service.auth.visiting import NoRightError, need, visitor_of
from service.dashboard.frame import Frame
from service.dashboard.quality.listening import Listening
from service.dashboard.quality.reading import fields_of, read_instant, read_scores
from service.dashboard.quality.sample_view import Mode, note_rows, sample_view
from service.dashboard.quality.source import Opened, QualitySource, Who
from service.dashboard.quality.work_view import Show, work_view
from service.dashboard.query import check_keys, choose
from service.dashboard.rendering import Renderer
from service.quality.inspectors import inspectors_of, visiting

SAMPLE = "/quality/{id:[1-9][0-9]{0,8}}"
HERE = "local"
"""The name on record of who has no account where nobody is asked for one."""
Result = TypeVar("Result")
Form = Mapping[str, str]


class QualityPages:
    """The handlers, over one source."""

    places = frozenset({"quality"})

    def __init__(
        self, source: QualitySource, listening: Listening, frame: Frame, renderer: Renderer, *, may_act: bool
    ) -> None:
        self._source, self._listening = source, listening
        self._frame, self._renderer = frame, renderer
        self._may_act = may_act

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/quality", self.work),
            web.get(SAMPLE, self.sample),
            web.post(f"{SAMPLE}/draft", self.draft),
            web.post(f"{SAMPLE}/card", self.card),
            web.post(f"{SAMPLE}/decide", self.decide),
            web.post(f"{SAMPLE}/replace", self.replace),
            web.post(f"{SAMPLE}/take", self.take),
            web.post(f"{SAMPLE}/notes", self.note),
            web.post(f"{SAMPLE}/notes/{{note:[1-9][0-9]{{0,8}}}}", self.withdraw),
        ]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    # -- pages -----------------------------------------------------------------------------

    async def work(self, request: web.Request) -> web.Response:
        """GET /quality: the worklist."""
        visitor = need(request, Right.QUALITY)
        check_keys(request.query, ("show",))
        show = choose("show", request.query, Show)
        words, seen = self._frame.words_for(request), self._frame.seen(request)
        work = await self._source.work(seen.agent)
        login = self._login(visitor)
        if show is None:
            show = Show.MINE if any(each.sample.inspector == login for each in work.samples) else Show.OPEN
        view = work_view(words, work, self._source.policy, login, show, self._source.now())
        return self._frame.shown("quality.html", request, v=view)

    async def sample(self, request: web.Request) -> web.Response:
        """GET /quality/17."""
        need(request, Right.QUALITY)
        check_keys(request.query, ("mode",))
        return await self._page(request, choose("mode", request.query, Mode))

    async def _page(
        self, request: web.Request, mode: Mode | None = None, draft: Scores | None = None, refusal: str = "",
        status: int = 200,
    ) -> web.Response:  # fmt: skip
        told, visitor, words = await self._found(request), visitor_of(request), self._frame.words_for(request)
        login, policy = self._login(visitor), self._source.policy
        view = sample_view(
            words, told, policy, self._mode(told, mode, login), login, name=self._source.name_of(told.sample.agent),
            hears=self._acts(visitor) and self._hears(visitor, told), draft=draft,
        )  # fmt: skip
        player = await self._listening.player(words, told) if Right.LISTEN in visitor.rights else None
        return self._frame.shown(
            "quality_sample.html", request, status=status, v=view, player=player, refusal=refusal,
            acts=self._acts(visitor), before=told.before, after=told.after, left=told.left,
            own_card=any(each.inspector == login for each in told.cards),
            calls=Right.RECORDS in visitor.rights, listens=Right.LISTEN in visitor.rights,
        )  # fmt: skip

    @staticmethod
    def _mode(told: Opened, asked: Mode | None, login: str) -> Mode:
        """What the card is for: what was asked, where it can be."""
        if told.sample.state is SampleState.OPEN:
            return Mode.MARK
        if told.sample.state is SampleState.REPLACED or asked is None:
            return Mode.READ
        waits = any(each.state is AppealState.OPEN for each in told.replies)
        marked = any(each.inspector == login for each in told.cards)
        can = {Mode.CORRECT: True, Mode.CALIBRATE: not marked, Mode.DECIDE: waits}
        return asked if can.get(asked) else Mode.READ

    def _hears(self, visitor: Visitor, told: Opened) -> bool:
        sample = told.sample
        by = visiting(visitor, self._source.policy, self._source.now(), self._login(visitor))
        return may_hear(by, ToHear(talk_id=sample.talk_id, agent=sample.agent, group=sample.group))

    async def _found(self, request: web.Request) -> Opened:
        """The sample of this address, where the visitor sees its agent. Raises HTTPNotFound."""
        told = await self._source.opened(int(request.match_info["id"]), self._login(visitor_of(request)))
        if told is None:
            raise web.HTTPNotFound
        if not self._frame.seen(request).agent(told.sample.agent):
            raise NoRightError
        return told

    # -- what is done --------------------------------------------------------------------------

    async def draft(self, request: web.Request) -> web.Response:
        """POST …/draft {"fields": {…}}: a card that is being filled in is kept."""
        visitor = need(request, Right.QUALITY)
        told = await own_json(request)
        found = await self._found(request)
        scores = read_scores(fields_of(told.get("fields")), found.form)
        kept = await self._source.draft(found.sample.id, self._login(visitor), scores)
        return web.json_response({"saved_at": self._frame.words_for(request).time(kept)})

    async def card(self, request: web.Request) -> web.Response:
        """POST …/card: the first card, one in the place of another, or one to compare."""
        told, form = await self._begin(request)
        scores, named = read_scores(form, told.form), form.get("mode", "")
        mode = Mode(named) if named in set(Mode) else Mode.MARK
        final, sample = final_of(told.cards), told.sample.id

        def work(connection: Connection, hand: Hand) -> object:
            if mode is Mode.CALIBRATE:
                return calibrate(connection, sample, scores, hand)
            if mode is Mode.CORRECT and final is not None:
                return correct(connection, final.id, scores, hand)
            return submit(connection, sample, scores, hand)

        step = {Mode.CALIBRATE: CardKind.CALIBRATION, Mode.CORRECT: CardKind.CORRECTION}.get(mode, CardKind.MARK)
        following = f"/quality/{told.after}" if mode is Mode.MARK and told.after else f"/quality/{sample}"
        return await self._done(request, told, step.value, work, following, mode, scores)

    async def decide(self, request: web.Request) -> web.Response:
        """POST …/decide: an appeal is upheld with the card of this form, or rejected."""
        told, form = await self._begin(request)
        appeal = next((each.id for each in told.replies if each.state is AppealState.OPEN), None)
        upholds, reason = form.get("step") == "uphold", form.get("reason", "")
        scores = read_scores(form, told.form)
        if appeal is None or form.get("step") not in ("uphold", "reject"):
            raise web.HTTPNotFound

        def work(connection: Connection, hand: Hand) -> object:
            return decide(connection, appeal, reason, scores if upholds else None, hand)

        where = f"/quality/{told.sample.id}"
        return await self._done(request, told, "decide", work, where, Mode.DECIDE, scores, upheld=upholds)

    async def replace(self, request: web.Request) -> web.Response:
        """POST …/replace: the next in the seeded order takes its place."""
        told, form = await self._begin(request)
        if form.get("reason") not in set(Replacement):
            raise web.HTTPNotFound
        reason, text, policy = Replacement(form["reason"]), form.get("text", ""), self._source.policy

        def work(connection: Connection, hand: Hand) -> int:
            new = replace_sample(
                connection, told.sample.id, reason, text, by=hand.by, policy=policy, now=hand.now,
                inspectors=inspectors_of(connection, policy, hand.now),
            )  # fmt: skip
            return new.id if new and new.inspector == hand.by.login else told.sample.id

        return await self._done(request, told, "replace", work, "/quality/{}", reason=reason.value)

    async def take(self, request: web.Request) -> web.Response:
        """POST …/take: who reads will listen to it."""
        told, _ = await self._begin(request)

        def work(connection: Connection, hand: Hand) -> object:
            return take_over(connection, told.sample.id, hand.by)

        return await self._done(request, told, "take", work, f"/quality/{told.sample.id}")

    async def note(self, request: web.Request) -> web.Response:
        """POST …/notes: pinned to an instant; a script is answered with the list of notes."""
        told, form = await self._begin(request)
        criterion = form.get("criterion", "")
        known = criterion if told.form.criterion(criterion) else None

        def work(connection: Connection, hand: Hand) -> object:
            at_ms = read_instant(form.get("at", ""))
            return add_note(
                connection,
                told.sample.id,
                at_ms,
                form.get("text", ""),
                by=hand.by.login,
                now=hand.now,
                criterion=known,
            )

        return await self._noted(request, told, "note", work)

    async def withdraw(self, request: web.Request) -> web.Response:
        """POST …/notes/3: one's own note is taken back."""
        told, _ = await self._begin(request)
        note = int(request.match_info["note"])

        def work(connection: Connection, hand: Hand) -> None:
            withdraw_note(connection, told.sample.id, note, by=hand.by.login, now=hand.now)

        return await self._noted(request, told, "withdraw note", work)

    async def _noted(
        self, request: web.Request, told: Opened, step: str, work: Callable[[Connection, Hand], object]
    ) -> web.Response:
        if request.headers.get("X-Fragment") != "notes":
            return await self._done(request, told, step, work, f"/quality/{told.sample.id}#notes")
        try:
            await self._act(request, told, step, work)
        except QualityError as error:
            return web.Response(status=409, text=f"{error}\n")
        now, words = await self._found(request), self._frame.words_for(request)
        rows = note_rows(words, now, self._source.policy, self._login(visitor_of(request)))
        draw = self._renderer.fragment("quality_parts.html", "notes", words.language)
        return web.Response(text=draw(rows, now.sample.id), content_type="text/html")

    async def _begin(self, request: web.Request) -> tuple[Opened, Form]:
        visitor = need(request, Right.QUALITY)
        if not self._acts(visitor):
            raise ForeignPostError
        form = await own_form(request)
        return await self._found(request), form

    async def _done(
        self, request: web.Request, told: Opened, step: str, work: Callable[[Connection, Hand], object],
        following: str, mode: Mode | None = None, scores: Scores | None = None, **details: str | int | bool,
    ) -> web.Response:  # fmt: skip
        try:
            done = await self._act(request, told, step, work, **details)
        except QualityError as error:
            return await self._page(request, mode, scores, str(error), 409)
        return web.Response(status=303, headers={"Location": following.format(done)})

    async def _act(
        self, request: web.Request, told: Opened, step: str, work: Callable[[Connection, Hand], Result],
        **details: str | int | bool,
    ) -> Result:  # fmt: skip
        visitor = visitor_of(request)
        who = Who(visitor=visitor, address=request.remote or "", login=self._login(visitor))
        return await self._source.act(who, step, f"quality sample {told.sample.id}", work, **details)

    def _acts(self, visitor: Visitor) -> bool:
        return visitor.account is not None or self._may_act

    @staticmethod
    def _login(visitor: Visitor) -> str:
        return visitor.login or HERE
