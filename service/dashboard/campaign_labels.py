"""The words, colours and icons of campaigns: states, modes, phases, results, and why somebody is not dialled."""

from __future__ import annotations

from config.followups import Result
from schedulers.campaigns.records import CampaignState, DialMode, Phase, Why
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label

STATES: dict[CampaignState, Label] = {
    CampaignState.DRAFT: Label(marked("Draft"), "", "pen-line"),
    CampaignState.RUNNING: Label(marked("Running"), "good", "play"),
    CampaignState.PAUSED: Label(marked("On pause"), "warn", "pause"),
    CampaignState.STOPPED: Label(marked("Stopped"), "out", "circle-x"),
    CampaignState.FINISHED: Label(marked("Finished"), "", "circle-check"),
}
MODES: dict[DialMode, str] = {
    DialMode.PREVIEW: marked("preview: the agent dials"),
    DialMode.PROGRESSIVE: marked("progressive: a free agent is put through"),
    DialMode.CLICK: marked("click to call"),
}
PHASES: dict[Phase, Label] = {
    Phase.PLANNED: Label(marked("Looks at the record"), "", "eye"),
    Phase.COMMITTED: Label(marked("Being dialled"), "warn", "phone-outgoing"),
    Phase.SENT: Label(marked("Being dialled"), "warn", "phone-outgoing"),
}
RESULTS: dict[Result, str] = {
    Result.TALKED: marked("talked"),
    Result.NO_ANSWER: marked("no answer"),
    Result.BUSY: marked("busy"),
    Result.REJECTED: marked("rejected"),
    Result.VOICEMAIL: marked("voicemail"),
    Result.THIRD_PERSON: marked("somebody else answered"),
    Result.WRONG_NUMBER: marked("wrong number"),
    Result.INDETERMINATE: marked("end not known"),
    Result.FAILED: marked("not dialled"),
    Result.AGENT_MISSED: marked("our agent did not answer"),
    Result.SILENT: marked("silent line"),
}
WHYS: dict[Why, str] = {
    Why.STOPPED: marked("the campaign does not run"),
    Why.DEADLINE: marked("the deadline passed"),
    Why.LEASE_LOST: marked("taken over by another scheduler"),
    Why.DEAF: marked("what the PBX did lately is not known"),
    Why.NOT_OPEN: marked("done or closed"),
    Why.TALKED: marked("talked, waits for the outcome"),
    Why.ALIVE: marked("being dialled already"),
    Why.DO_NOT_CALL: marked("do not call"),
    Why.NO_CONSENT: marked("no consent"),
    Why.NO_NUMBER: marked("no number to call"),
    Why.MUST_DECIDE: marked("tried as often as permitted"),
    Why.CAP: marked("contacted as often as permitted"),
    Why.NOT_YET: marked("not before its time"),
    Why.RESTS: marked("rests after the last attempt"),
    Why.HOLIDAY: marked("closed that day"),
    Why.QUIET: marked("quiet time"),
    Why.WINDOW: marked("outside permitted hours"),
    Why.NO_AGENT: marked("no agent is free"),
    Why.AGENT_GONE: marked("the agent is free no more"),
    Why.TRUNK_FULL: marked("the trunk is full"),
    Why.TRUNK_RATE: marked("the trunk takes no more calls this second"),
    Why.NOT_SENT: marked("not sent at once, so not at all"),
    Why.LAPSED: marked("the agent did not dial in time"),
    Why.SKIPPED: marked("left by the agent"),
}
