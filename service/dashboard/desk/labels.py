"""The words of the desk: what an agent does, why a call settles nothing, what a follow-up asks for. Pure tables."""

from __future__ import annotations

from config.contact_times import Shut
from config.followups import FulfilledBy, Result
from schedulers.followups.records import Obstacle, State
from service.dashboard import campaign_labels
from service.dashboard.board import AgentActivity
from service.dashboard.catalogues import marked
from service.dashboard.desk.shapes import OwedList, Stretch
from service.dashboard.labels import Label
from service.dashboard.promises import labels as promise_labels
from service.desk.callers import Apart, Known

DOING: dict[AgentActivity, str] = {
    AgentActivity.TALKING: marked("Talking since %(at)s"),
    AgentActivity.HOLD: marked("On hold since %(at)s"),
    AgentActivity.RINGING: marked("Your phone rings"),
    AgentActivity.WRAP_UP: marked("Wrap-up since %(at)s"),
    AgentActivity.PAUSED: marked("Paused since %(at)s"),
    AgentActivity.READY: marked("Ready since %(at)s"),
    AgentActivity.LOGGED_OUT: marked("Not logged in"),
}

APART: dict[Apart, str] = {
    Apart.NOT_BY_CALL: marked("not settled by a call"),
    Apart.NOT_INBOUND: marked("not settled by a call that comes in"),
    Apart.NOT_HIS: marked("for its owner or his group"),
    Apart.YOUNGER: marked("arose during this call"),
}

ASKS: dict[FulfilledBy, str] = {
    FulfilledBy.TALK: marked("asks for a talk"),
    FulfilledBy.CONTACT: marked("asks for a contact, logged"),
    FulfilledBy.MESSAGE: marked("asks for a message"),
    FulfilledBy.MARK: marked("asks for a mark by whoever did it"),
}

KNOWN: dict[Known, str] = {
    Known.CUSTOMER: "",
    Known.SEVERAL: marked("Several customers have this number"),
    Known.SHARED: marked("A switchboard: many people stand behind this number"),
    Known.UNKNOWN: marked("New customer"),
    Known.WITHHELD: marked("The number is withheld"),
}

SHUT: dict[Shut, str] = {
    Shut.HOLIDAY: marked("The centre is closed at that time"),
    Shut.QUIET: marked("That is a quiet time of the customer's"),
    Shut.WINDOW: marked("Nobody may be called at that time"),
}

RESULTS: dict[Result, str] = campaign_labels.RESULTS | {
    Result.TALKED: marked("talked, not yet settled"),
    Result.FAILED: marked("did not get through"),
    Result.AGENT_MISSED: marked("our phone was not taken"),
}
"""As campaigns say it, but for what the agent himself knows better."""

OBSTACLES: dict[Obstacle, str] = promise_labels.OBSTACLES | {
    Obstacle.MUST_DECIDE: marked("tried as often as permitted: close it or hand it over"),
}

ENDS: dict[State, Label] = {
    State.DONE: Label(marked("settled"), "good", "circle-check"),
    State.CLOSED: Label(marked("closed"), "mute", "circle-x"),
    State.OPEN: Label(marked("open"), "", "circle-dot"),
}

LISTS: dict[OwedList, str] = {each: promise_labels.LISTS[each.value] for each in OwedList}

NOTHING_OWED: dict[OwedList, str] = {
    OwedList.DUE: marked("Nobody is to be called at this hour. What comes later today is under Today."),
    OwedList.TODAY: marked("Nothing more is due today. What comes later is under All open."),
    OwedList.OVERDUE: marked("Nothing of yours is overdue."),
    OwedList.UNMEETABLE: marked("Everything of yours can still be done in time."),
    OwedList.REACHED: marked("No talk waits for its outcome."),
    OwedList.ALL: marked("You owe nobody anything."),
}

STRETCHES: dict[Stretch, Label] = {
    Stretch.READY: Label(marked("Ready"), "f-goodsoft"),
    Stretch.PAUSED: Label(marked("Paused"), "h-mute"),
    Stretch.WRAP_UP: Label(marked("Wrap-up"), "f-line"),
    Stretch.RINGING: Label(marked("Ringing"), "f-warn"),
    Stretch.TALK: Label(marked("Talk"), "f-acc"),
    Stretch.HOLD: Label(marked("Hold"), "h-acc"),
}
"""`css` is the class, or the pattern, that a stretch is painted with."""
