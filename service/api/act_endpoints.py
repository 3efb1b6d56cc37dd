"""The endpoints that act on the PBX: agents in their queues, and calls that go on."""

from __future__ import annotations

from typing import Any

from service.api import parameters as p
from service.api.endpoint import Endpoint, Fresh, Method, Tag
from service.api.parameters import Parameter, Place
from service.api.readers import some_text_of
from service.auth.tokens import Scope

AGENT = "/api/v1/agents/{agent}"
CALL = "/api/v1/calls/{call_id}"


def _named(name: str, en: str, zh: str, example: str) -> Parameter:
    return Parameter(
        name=name,
        en=en,
        zh=zh,
        schema={"type": "string", "minLength": 1, "maxLength": 100},
        read=some_text_of,
        example=example,
        place=Place.PATH,
        required=True,
    )


AGENT_ID = _named("agent", "An agent's number.", "坐席工号。", "1003")
QUEUE = _named("queue", "A queue, as the PBX names it.", "PBX 上的队列名。", "support")


def _act(name: str, path: str, en: str, zh: str, body: str, parameters: tuple[Parameter, ...]) -> Endpoint:
    """Who may act need not read."""
    more: dict[str, Any] = {
        "scopes": (Scope.ACT,),
        "needs_read": False,
        "method": Method.POST,
        "fresh": Fresh.MOMENT,
    }
    return Endpoint(
        path=path, name=name, en=en, zh=zh, answer="Act", tag=Tag.ACTS, content=body, parameters=parameters, **more
    )


ACTS: tuple[Endpoint, ...] = (
    _act(
        "agent_pause",
        f"{AGENT}/pause",
        "Take an agent out of all his queues for a while, with a reason",
        "将坐席在其全部队列中示忙，附原因",
        "PauseBody",
        (AGENT_ID,),
    ),
    _act(
        "agent_unpause",
        f"{AGENT}/unpause",
        "Let him go on; a pause for a call that is being placed stays",
        "取消示忙；正在外呼的占用不受影响",
        "UnpauseBody",
        (AGENT_ID,),
    ),
    _act(
        "agent_queue",
        f"{AGENT}/queues/{{queue}}",
        "Put him into a queue, or take him out of one that he is a dynamic member of",
        "加入队列，或移出其为动态成员的队列",
        "QueueBody",
        (AGENT_ID, QUEUE),
    ),
    _act(
        "agent_listen",
        f"{AGENT}/listen",
        "Ring the supervisor's phone and let it hear the agent's call, whisper to him or barge in",
        "振铃主管话机，监听、耳语或强插坐席当前通话",
        "ListenBody",
        (AGENT_ID,),
    ),
    _act(
        "call_listen",
        f"{CALL}/listen",
        "The same, of a call that goes on",
        "同上，按进行中的通话",
        "ListenBody",
        (p.CALL_ID,),
    ),
    _act(
        "call_hang_up",
        f"{CALL}/hang-up",
        "End a call that goes on",
        "挂断进行中的通话",
        "HangUpBody",
        (p.CALL_ID,),
    ),
)
