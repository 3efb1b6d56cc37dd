"""An agent takes himself out of his queues and comes back, from his own desk: through the road of all acts."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from service.acting.acting import Acting
from service.acting.records import WELL, HiddenError, ImpossibleError, Who
from service.auth.rights import Right, Visitor
from service.auth.visiting import visitor_of
from service.dashboard.acting_view import reasons
from service.dashboard.acting_words import told, why_not
from service.dashboard.board import AgentActivity
from service.dashboard.desk.state_view import OFFLINE
from service.dashboard.frame import Frame
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseView:
    """What may be done about a pause now. `reasons`: as the PBX keeps each, and in words."""

    agent: str
    proof: str
    is_paused: bool
    reasons: tuple[tuple[str, str], ...]


class Pausing:
    """Over the one object that everybody acts through. `may_act`: whether a visitor without an account acts."""

    def __init__(self, acting: Acting | None, *, may_act: bool) -> None:
        self._may_act = may_act
        self._acting = acting if acting is not None and acting.stages else None

    def view(self, words: Words, visitor: Visitor, agent: str, activity: AgentActivity) -> PauseView | None:
        """The buttons on his desk; none for who is in no queue, and for who may neither pause himself nor others."""
        if self._acting is None or activity in OFFLINE or not self._may(visitor, agent):
            return None
        is_paused = activity is AgentActivity.PAUSED
        return PauseView(agent=agent, proof=visitor.proof, is_paused=is_paused, reasons=reasons(words))

    async def pause(self, request: web.Request, frame: Frame, agent: str, reason: str) -> str:
        """Why he is not paused; '' where he is. Raises HTTPNotFound."""
        return await self._do(request, frame, agent, reason)

    async def resume(self, request: web.Request, frame: Frame, agent: str) -> str:
        """Why he does not go on; '' where he does. Raises HTTPNotFound."""
        return await self._do(request, frame, agent, None)

    async def _do(self, request: web.Request, frame: Frame, agent: str, reason: str | None) -> str:
        acting, words = self._acting, frame.words_for(request)
        if acting is None or not self._may(visitor_of(request), agent):
            raise web.HTTPNotFound
        who = Who(visitor=visitor_of(request), seen=frame.seen(request), address=request.remote or "")
        try:
            report = await (acting.unpause(who, agent) if reason is None else acting.pause(who, agent, reason))
        except HiddenError:
            raise web.HTTPNotFound from None
        except ImpossibleError as error:
            return why_not(words, error)
        if report.outcome in WELL:
            return ""
        return told(words, report, acting.hub.name_of(agent, report.at) or agent)

    def _may(self, visitor: Visitor, agent: str) -> bool:
        if visitor.account is None and not self._may_act:
            return False
        return Right.AGENTS in visitor.rights or (Right.DESK in visitor.rights and visitor.agent == agent)
