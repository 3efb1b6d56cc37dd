"""The words, colours and icons of what is owed: how it stands, which lists there are, what happened to it."""

from __future__ import annotations

from schedulers.followups.records import Obstacle, State, What
from schedulers.storage.coverage import Standing
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label

PARTS: dict[Standing, Label] = {
    Standing.DONE_ON_TIME: Label(marked("done on time"), "f-acc", "circle-check"),
    Standing.DONE_LATE: Label(marked("done late"), "f-line", "hourglass"),
    Standing.CLOSED: Label(marked("closed, reason given"), "h-acc", "circle-x"),
    Standing.OPEN_IN_TIME: Label(marked("open, in time"), "f-track", "circle-dot"),
    Standing.OPEN_OVERDUE: Label(marked("open, overdue"), "f-bad", "octagon-alert"),
}
"""The parts of the equation; `css` is the paint of its piece of the bar."""

STANDINGS: dict[Standing, Label] = {
    Standing.DONE_ON_TIME: Label(marked("Done on time"), "good", "circle-check"),
    Standing.DONE_LATE: Label(marked("Done late"), "warn", "hourglass"),
    Standing.CLOSED: Label(marked("Closed, reason given"), "", "circle-x"),
    Standing.OPEN_IN_TIME: Label(marked("Open, in time"), "acc", "circle-dot"),
    Standing.OPEN_OVERDUE: Label(marked("Open, overdue"), "bad", "octagon-alert"),
}

STATES: dict[State, Label] = {
    State.OPEN: Label(marked("Open"), "acc", "circle-dot"),
    State.DONE: Label(marked("Done"), "good", "circle-check"),
    State.CLOSED: Label(marked("Closed"), "", "circle-x"),
}

LISTS: dict[str, str] = {
    "due": marked("Due now"),
    "today": marked("Today"),
    "overdue": marked("Overdue"),
    "unmeetable": marked("Cannot be met"),
    "reached": marked("Reached?"),
    "decide": marked("To decide"),
    "agreed": marked("Time agreed"),
    "orphaned": marked("Orphaned"),
    "all": marked("All open"),
}

MEANING: dict[str, str] = {
    "due": marked("may be tried now: permitted at this hour, and rested since the last try"),
    "today": marked("may be tried, or is due, before the day ends"),
    "overdue": marked("their due time is past"),
    "unmeetable": marked("no permitted time is left, the cap per customer is reached, or there is no number"),
    "reached": marked("the PBX heard a talk, and its outcome is missing"),
    "decide": marked("tried as often as permitted: to be closed, or handed to a person"),
    "agreed": marked("a time was agreed with the customer"),
    "orphaned": marked("their owner does not work here any more"),
    "all": marked("everything that is open"),
}

NOTHING: dict[str, str] = {
    "due": marked("Nothing may be tried at this moment."),
    "today": marked("Nothing is left for today."),
    "overdue": marked("Nothing is overdue."),
    "unmeetable": marked("Everything can be met in time."),
    "reached": marked("No talk waits for its outcome."),
    "decide": marked("Nothing waits for a decision."),
    "agreed": marked("No time is agreed with anybody."),
    "orphaned": marked("Everything belongs to somebody who works here."),
    "all": marked("Nothing is open."),
}

OBSTACLES: dict[Obstacle, str] = {
    Obstacle.NO_WINDOW: marked("no permitted time before it is due"),
    Obstacle.CAP: marked("the customer was contacted as often as permitted"),
    Obstacle.NO_NUMBER: marked("no number to call"),
    Obstacle.MUST_DECIDE: marked("tried as often as permitted"),
}

HAPPENED: dict[What, Label] = {
    What.BORN: Label(marked("arose"), "", "plus"),
    What.JOINED: Label(marked("another trigger joined it"), "", "git-branch"),
    What.ATTEMPTED: Label(marked("tried"), "", "phone-outgoing"),
    What.TAKEN_BACK: Label(marked("a try was taken back"), "mute", "history"),
    What.REACHED: Label(marked("reached, waits for the outcome"), "acc", "phone-call"),
    What.DONE: Label(marked("done"), "good", "circle-check"),
    What.CLOSED: Label(marked("closed"), "", "circle-x"),
    What.REOPENED: Label(marked("opened again"), "", "refresh-cw"),
    What.AGREED: Label(marked("a time was agreed"), "acc", "calendar-clock"),
    What.RESCHEDULED: Label(marked("rescheduled"), "", "calendar-clock"),
    What.HANDED_OVER: Label(marked("handed over"), "", "arrow-right"),
    What.OVERDUE: Label(marked("became overdue"), "bad", "octagon-alert"),
    What.NUDGED: Label(marked("its owner was reminded"), "", "bell-ring"),
    What.ACKNOWLEDGED: Label(marked("the reminder was seen"), "", "check"),
    What.ESCALATED: Label(marked("brought before a leader"), "warn", "flag"),
    What.APPROVED: Label(marked("approved"), "good", "shield-check"),
    What.PLANNED: Label(marked("its next permitted time changed"), "mute", "calendar-check"),
    What.NOTED: Label(marked("noted"), "", "message-square"),
    What.DIFFERS: Label(marked("the PBX and the outcome differ"), "warn", "triangle-alert"),
}

DEEDS: dict[str, Label] = {
    "hand-over": Label(marked("Hand over"), "", "arrow-right"),
    "reschedule": Label(marked("Reschedule"), "", "calendar-clock"),
    "agree": Label(marked("A time was agreed"), "", "calendar-check"),
    "close": Label(marked("Close"), "", "circle-x"),
    "reopen": Label(marked("Open again"), "", "refresh-cw"),
    "note": Label(marked("Add a note"), "", "message-square"),
    "approve": Label(marked("Approve the date"), "", "shield-check"),
}
