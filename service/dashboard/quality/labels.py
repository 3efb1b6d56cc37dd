"""The words of samples, cards and proposals in the reader's language. Pure."""

from __future__ import annotations

from analytics.quality.automatic import Proposal, Verdict
from analytics.quality.records import AppealState, CardKind, Sample, SampleState
from config.explain_recordings import seconds_of
from config.outcomes import OUTCOMES
from config.policies import Policy
from config.quality import Automatic, Criterion, Critical, Replacement
from config.recordings import RecordingRules
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.words import Words

STATES = {
    SampleState.OPEN: Label(marked("To listen to"), "", "circle-dashed"),
    SampleState.SCORED: Label(marked("Scored"), "good", "circle-check"),
    SampleState.REPLACED: Label(marked("Replaced"), "", "refresh-cw"),
}
KINDS = {
    CardKind.MARK: marked("Card"),
    CardKind.CORRECTION: marked("Correction"),
    CardKind.CALIBRATION: marked("Calibration"),
}
APPEALS = {
    AppealState.OPEN: Label(marked("Undecided"), "warn", "hourglass"),
    AppealState.UPHELD: Label(marked("Upheld"), "good", "circle-check"),
    AppealState.REJECTED: Label(marked("Rejected"), "", "circle-x"),
}
REASONS = {
    Replacement.BROKEN: marked("It cannot be listened to"),
    Replacement.WRONG_PERSON: marked("Somebody else sat at the phone"),
    Replacement.PRIVATE: marked("A private call"),
    Replacement.NO_SERVICE: marked("No service: wrong number, silent line, test"),
}
ITEMS = {
    Automatic.FIRST_WORDS: marked("First words"),
    Automatic.SPEECH_RATE: marked("Speech rate (estimate)"),
    Automatic.SILENCES: marked("Longest silence"),
}
VERDICTS = {
    Verdict.KEPT: Label(marked("kept"), "good", "circle-check"),
    Verdict.MISSED: Label(marked("missed"), "warn", "triangle-alert"),
    Verdict.UNDECIDED: Label(marked("undecided: within the error"), "", "circle-help"),
    Verdict.UNASKED: Label(marked("no band is wanted"), "", "circle"),
    Verdict.UNMEASURED: Label(marked("not measurable"), "", "circle-dashed"),
}
STRATA = {
    "inbound": marked("Inbound"),
    "outbound": marked("Outbound"),
    "internal": marked("Internal"),
    "short": marked("under 1 min"),
    "middling": marked("1–3 min"),
    "long": marked("over 3 min"),
    "morning": marked("morning"),
    "afternoon": marked("afternoon"),
    "evening": marked("evening"),
}


def named(words: Words, of: Criterion | Critical) -> str:
    """The name that the policy gives it."""
    return of.name_zh if words.chinese else of.name_en


def stratum(words: Words, policy: Policy, sample: Sample) -> str:
    """A sample's stratum in words: inbound · under 1 min · morning · enquiry."""
    outcomes = {each.id: each for each in (*OUTCOMES, *policy.resolve(sample.started_at).outcomes)}
    told = []
    for part in sample.stratum.split("/"):
        outcome = outcomes.get(part)
        if part in STRATA:
            told.append(words.gettext(STRATA[part]))
        elif outcome is not None:
            told.append(outcome.name_zh if words.chinese else outcome.name_en)
    return " · ".join(told) or numerals.DASH


def points(hundredths: int | None) -> str:
    """A mark as people read it: 93, 87.5."""
    if hundredths is None:
        return numerals.DASH
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def figure(told: Proposal) -> tuple[str, str]:
    """A proposal's figure and its unit's key; a dash where nothing was measured."""
    if told.figure is None:
        return numerals.DASH, ""
    if told.item is Automatic.SPEECH_RATE:
        return str((told.figure + 5) // 10), marked("characters/min")
    return numerals.seconds(told.figure), marked("s")


def wanted(words: Words, told: Proposal, rules: RecordingRules) -> str:
    """What the centre wants of an item, in a few words."""
    match told.item:
        case Automatic.FIRST_WORDS:
            return words.gettext("wanted ≤ %(s)s s", s=seconds_of(rules.targets.first_words))
        case Automatic.SPEECH_RATE:
            if (band := rules.targets.speech_rate) is None:
                return ""
            return words.gettext("wanted %(low)s–%(high)s", low=band.low, high=band.high)
        case _:
            return words.gettext("wanted ≤ %(s)s s", s=seconds_of(rules.silence))
