"""The endpoints on recordings: lists, one with whose talk lies where, and its sound."""

from __future__ import annotations

from analytics.recordings.conditions import FileCondition
from service.api import campaign_parameters as c
from service.api import parameters as p
from service.api.endpoint import Endpoint, Fresh, Tag
from service.api.parameters import Parameter, Place
from service.api.readers import one_of, some_text_of
from service.auth.tokens import Scope

ALL = "/api/v1/recordings"
RECORDING = Parameter(
    name="recording",
    en="A recording's number.",
    zh="录音编号。",
    schema=c.CAMPAIGN.schema,
    read=c.CAMPAIGN.read,
    example="8841",
    place=Place.PATH,
    required=True,
)
CONDITION = Parameter(
    name="condition",
    en="Only files in this condition; without it, all.",
    zh="只要此状况的文件；不写为全部。",
    schema={"type": "string", "enum": [each.value for each in FileCondition]},
    read=one_of(tuple(each.value for each in FileCondition)),
    example="ready",
)
AGENT = Parameter(
    name="agent",
    en="Only files with a talk of this agent.",
    zh="只要有此坐席通话的文件。",
    schema=p.TEXT,
    read=some_text_of,
    example="1002",
)

RECORDINGS: tuple[Endpoint, ...] = (
    Endpoint(
        path=ALL,
        name="recordings",
        en="Recordings' files whose calls began in a period, the newest first; those without a call are among them",
        zh="周期内通话的录音文件，新的在前，含无通话的文件",
        answer="Recordings",
        tag=Tag.RECORDINGS,
        fresh=Fresh.MOMENT,
        parameters=(p.PERIOD, AGENT, CONDITION, p.LIMIT, p.AFTER),
    ),
    Endpoint(
        path=f"{ALL}/{{recording}}",
        name="recording",
        en="One recording: whose talk lies where in its file, where to jump to, and whether it was destroyed",
        zh="一条录音：各坐席的通话区间、静默与抢话，以及是否已销毁",
        answer="RecordingWhole",
        tag=Tag.RECORDINGS,
        fresh=Fresh.MOMENT,
        parameters=(RECORDING,),
        missing="recording_not_found",
    ),
    Endpoint(
        path=f"{ALL}/{{recording}}/audio",
        name="recording_audio",
        en="Its sound, whole or by ranges; each time is put in the audit",
        zh="录音的声音，可分段取；每次计入审计",
        answer="Recording",
        tag=Tag.RECORDINGS,
        fresh=Fresh.MOMENT,
        parameters=(RECORDING,),
        missing="recording_not_found",
        scopes=(Scope.RECORDINGS,),
        is_sound=True,
    ),
)
