"""What is said of acts on the PBX: what came of one, or why it cannot be done. Keys of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from service.acting.records import WELL, Deed, ImpossibleError, Outcome, Report, Why
from service.dashboard.catalogues import marked
from service.dashboard.words import Words

VERBS: Mapping[Deed, str] = {
    Deed.PAUSE: marked("Pause agent"),
    Deed.UNPAUSE: marked("End the pause"),
    Deed.ADD: marked("Put into queue"),
    Deed.REMOVE: marked("Take out of queue"),
    Deed.LISTEN: marked("Listen"),
    Deed.WHISPER: marked("Whisper"),
    Deed.BARGE: marked("Barge in"),
    Deed.HANG_UP: marked("Hang up"),
    Deed.UNDO: marked("Undo"),
}
DONE: Mapping[Deed, str] = {
    Deed.PAUSE: marked("%(who)s is paused."),
    Deed.UNPAUSE: marked("%(who)s is back in the queues."),
    Deed.ADD: marked("%(who)s is in queue %(queue)s."),
    Deed.REMOVE: marked("%(who)s is out of queue %(queue)s."),
    Deed.HANG_UP: marked("The call is ended."),
    Deed.UNDO: marked("Taken back: %(who)s is as before."),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.RINGS: marked("Your phone rings: pick up to hear %(who)s."),
    Outcome.NOTHING: marked("It was so already."),
    Outcome.REFUSED: marked("The PBX refused:"),
    Outcome.NOT_SENT: marked("Not sent:"),
    Outcome.UNKNOWN: marked("Sent, and the line broke before an answer: look before you try again."),
    Outcome.UNPROVEN: marked("The PBX took it, and no event of it was heard: look before you try again."),
}
WHYS: Mapping[Why, str] = {
    Why.NO_PBX: marked("The settings of no PBX let anybody act on it."),
    Why.NO_LINE: marked("The PBX cannot be asked now: nothing was sent."),
    Why.NO_QUEUE: marked("The agent is in no queue."),
    Why.NO_SUCH_QUEUE: marked("There is no such queue for this agent."),
    Why.NO_DEVICE: marked("The PBX knows no phone of this agent."),
    Why.NOT_MEMBER: marked("The agent is not in this queue."),
    Why.STATIC: marked("The agent is in this queue by the PBX's configuration, and cannot be taken out here."),
    Why.NO_REASON: marked("A reason is needed."),
    Why.BAD_TEXT: marked("The reason must be one short line."),
    Why.NOT_TALKING: marked("The agent is in no call."),
    Why.OWN_CALL: marked("This phone is in the call itself."),
    Why.NO_PHONE: marked("Your extension is needed: it is not known where you sit."),
    Why.BAD_PHONE: marked("This is no extension of the centre: digits are expected, at most six."),
    Why.PHONE_AWAY: marked("This phone is not registered."),
    Why.PHONE_BUSY: marked("This phone is in a call."),
    Why.CALL_OVER: marked("The call is over."),
    Why.NOT_ALLOWED: marked("The settings of this PBX do not let calls be ended from here."),
    Why.TOO_LATE: marked("It is too late to take it back."),
}


def english(of: Why | Outcome) -> str:
    """What the API says."""
    return WHYS[of] if isinstance(of, Why) else OUTCOMES[of]


def told(words: Words, report: Report, name: str) -> str:
    """What came of an act, in a sentence."""
    if report.outcome is Outcome.DONE:
        return words.gettext(DONE[report.deed], who=name, queue=report.subject)
    sentence = words.gettext(OUTCOMES[report.outcome], who=name)
    if report.outcome in WELL or not report.words:
        return sentence
    said = words.gettext("no connection to the PBX") if report.words == "no connection" else report.words
    return f"{sentence}{'' if words.chinese else ' '}{said}"


def why_not(words: Words, error: ImpossibleError) -> str:
    """Why nothing was sent, in a sentence."""
    sentence = words.gettext(WHYS[error.why])
    if not error.about or error.why is Why.NO_PBX:
        return sentence
    return f"{sentence}（{error.about}）" if words.chinese else f"{sentence} ({error.about})"
