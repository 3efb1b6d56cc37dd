"""What bodies about acts on the PBX say."""

from __future__ import annotations

from service.api.body_fields import BY, Body, Field, read_flag, text
from service.api.campaign_bodies import read_whole, read_word
from service.api.schema import enum
from telephony.acting.orders import Ear

MAX_PENALTY = 1000

PAUSE: Body = (BY, text("reason", "Why: the PBX keeps it too.", "示忙原因，PBX 亦会记录。", "lunch", required=True))
UNPAUSE: Body = (BY,)
QUEUE: Body = (
    BY,
    Field(
        name="member",
        en="Whether he is to be in it; without it, yes.",
        zh="是否加入；不写为加入。",
        schema={"type": "boolean"},
        read=read_flag,
        example=True,
    ),
    Field(
        name="penalty",
        en="His penalty there; without it, 0.",
        zh="在该队列的惩罚值；不写为 0。",
        schema={"type": "integer", "minimum": 0, "maximum": MAX_PENALTY},
        read=read_whole(0, MAX_PENALTY),
        example=0,
    ),
)
LISTEN: Body = (
    BY,
    Field(
        name="ear",
        en="listen, whisper to the agent, or barge in; without it, listen.",
        zh="listen 监听、whisper 耳语、barge 强插；不写为监听。",
        schema=enum(Ear),
        read=read_word(tuple(each.value for each in Ear), Ear),
        example="whisper",
    ),
    text("phone", "The extension of who listens.", "监听者的分机。", "1006", required=True),
)
HANG_UP: Body = (BY, text("reason", "Why; it is in the audit.", "原因，写入审计。", "crank call", required=True))

ACT_BODIES: dict[str, Body] = {
    "PauseBody": PAUSE,
    "UnpauseBody": UNPAUSE,
    "QueueBody": QUEUE,
    "ListenBody": LISTEN,
    "HangUpBody": HANG_UP,
}
