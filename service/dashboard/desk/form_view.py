"""The form of a call: its choices by digit, codes, next steps, questions; what was typed, what is wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.followups import FollowUpKind
from service.dashboard.desk.caller_view import Reading
from service.dashboard.desk.labels import SHUT
from service.dashboard.desk.shapes import Hand
from service.dashboard.desk.times import typed, when
from service.dashboard.words import Words
from service.desk.callers import Owed
from service.desk.form_reading import ANSWER, MAX_CONTENT, Mistake
from service.desk.permitted import Awkward, promise_kinds

_SENTENCES = re.compile(r"[^。！？!?.]+[。！？!?.]*[”\"]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a list or of the digits."""

    value: str
    text: str
    chosen: bool
    digit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a survey. `marks` are () where it is answered in words."""

    field: str
    text: str
    marks: tuple[int, ...]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The questions of what is owed; shown with the follow-ups that ask them."""

    of: str  # ids with spaces between
    title: str
    questions: tuple[Question, ...]
    satisfied: str  # '', yes, no


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a field, in a sentence; with a time at which he may be called, to take instead."""

    text: str
    instead: str = ""  # as the field takes it
    instead_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said, sentence by sentence."""

    title: str
    steps: tuple[tuple[str, str, bool], ...]  # field, sentence, ticked


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The form."""

    call_id: str
    place: int
    customer: str
    outcomes: tuple[Choice, ...]
    codes: tuple[Choice, ...]
    steps: tuple[Choice, ...]
    skills: tuple[Choice, ...]
    surveys: tuple[Survey, ...]
    content: str
    time: str
    wish: bool
    number: str
    asks_number: bool
    wrong: Mapping[str, Wrong]
    draft_at: str  # when the draft was kept, '' where there is none
    saved: str  # when it was recorded, '' where it was not yet
    more: str  # what was recorded besides that does not come back into the form
    script: tuple[Script, ...]


def form_view(
    reading: Reading, hand: Hand, fields: Mapping[str, str], mistakes: Iterable[Mistake], chosen: str
) -> FormView:
    """The form of a call with these fields; `chosen` is the customer whom the agent named."""
    words, entry = reading.words, hand.entries[-1] if hand.entries else None
    return FormView(
        call_id=hand.call.id,
        place=len(hand.entries),
        customer=chosen,
        outcomes=tuple(_outcomes(reading, hand, fields)),
        codes=tuple(_plain(hand.around.codes, fields.get("code") or hand.code or "")),
        steps=tuple(_steps(reading, hand, fields.get("next", ""))),
        skills=tuple(_plain(hand.skills, fields.get("skill", ""))),
        surveys=tuple(_surveys(reading, hand.around.open, fields)),
        content=fields.get("content", ""),
        time=fields.get("time", ""),
        wish=bool(fields.get("wish")),
        number=fields.get("number", ""),
        asks_number=hand.caller.party is None and not hand.caller.among,
        wrong=_wrong(words, mistakes, reading.now, fields),
        draft_at=words.time(hand.draft.saved_at) if hand.draft else "",
        saved=when(words, entry.at, reading.now) if entry else "",
        more=_more(reading, hand),
        script=tuple(_scripts(reading, hand.caller.owed, fields)),
    )


def typed_fields(hand: Hand) -> dict[str, str]:
    """What stands in the form: the draft, else what was recorded last."""
    if hand.draft is not None:
        return dict(hand.draft.fields)
    if not hand.entries:
        return {}
    last = hand.entries[-1]
    return {"outcome": last.outcome, "code": last.code or "", "content": last.content}


def _outcomes(reading: Reading, hand: Hand, fields: Mapping[str, str]) -> Iterable[Choice]:
    for digit, each in enumerate(hand.around.outcomes, start=1):
        text = reading.named(each.name_zh, each.name_en)
        yield Choice(value=each.id, text=text, chosen=each.id == fields.get("outcome"), digit=digit)


def _plain(values: Iterable[str], chosen: str) -> Iterable[Choice]:
    return (Choice(value=each, text=each, chosen=each == chosen) for each in values)


def _steps(reading: Reading, hand: Hand, chosen: str) -> Iterable[Choice]:
    """Nothing more, what may be promised, another time, and the reasons with which what is owed may be closed."""
    words, open_ = reading.words, hand.around.open
    found = [("", words.gettext("Nothing more"))]
    kinds = promise_kinds(reading.rules, reading.now)
    found += [(f"promise:{each.trigger.name}", _name(reading, each)) for each in kinds]
    if any(each.kind.agreed for each in open_):
        found.append(("agree", words.gettext("Another time, agreed with him")))
    for reason in dict.fromkeys(name for each in open_ for name in each.kind.reasons):
        told = reading.rules.version_at(reading.now).promises.reason(reason)
        name = reading.named(told.name_zh, told.name_en) if told else reason
        found.append((f"close:{reason}", words.gettext("Close: %(reason)s", reason=name)))
    return (Choice(value=value, text=text, chosen=value == chosen) for value, text in found)


def _name(reading: Reading, kind: FollowUpKind) -> str:
    return reading.named(kind.name_zh, kind.name_en)


def _surveys(reading: Reading, open_: Iterable[Owed], fields: Mapping[str, str]) -> Iterable[Survey]:
    """Each survey once, with the follow-ups that ask it."""
    asked = [each for each in open_ if each.survey is not None]
    for survey in dict.fromkeys(each.survey for each in asked if each.survey is not None):
        yield Survey(
            of=" ".join(each.follow_up.id for each in asked if each.survey == survey),
            title=survey.id,
            questions=tuple(
                Question(
                    field=ANSWER + each.id,
                    text=reading.named(each.text_zh, each.text_en),
                    marks=tuple(range(1, each.scale + 1)) if each.scale else (),
                    answer=fields.get(ANSWER + each.id, ""),
                )
                for each in survey.questions
            ),
            satisfied=fields.get("satisfied", ""),
        )


def _more(reading: Reading, hand: Hand) -> str:
    """What was recorded and is owed since: a promise stands among what is owed, and is changed there."""
    words, last = reading.words, hand.entries[-1] if hand.entries else None
    if last is None or not last.next_step:
        return ""
    step = last.next_step.partition(":")[0]
    said = {"promise": words.gettext("Promised"), "agree": words.gettext("Another time agreed")}.get(step)
    if said is None:
        return words.gettext("Closed with a reason")
    return f"{said} {when(words, last.next_at, reading.now)}" if last.next_at else said


def _scripts(reading: Reading, owed: Iterable[Owed], fields: Mapping[str, str]) -> Iterable[Script]:
    for kind in dict.fromkeys(each.kind for each in owed if each.kind.script_zh or each.kind.script_en):
        text = reading.named(kind.script_zh, kind.script_en) or kind.script_zh
        sentences = [each.strip() for each in _SENTENCES.findall(text) if each.strip()]
        steps = ((f"tick.{kind.id}.{n}", each) for n, each in enumerate(sentences))
        yield Script(
            title=_name(reading, kind),
            steps=tuple((field, sentence, bool(fields.get(field))) for field, sentence in steps),
        )


# -- what is wrong ----------------------------------------------------------------------------------


def _wrong(words: Words, mistakes: Iterable[Mistake], now: datetime, fields: Mapping[str, str]) -> dict[str, Wrong]:
    """By field, the first mistake of each."""
    found: dict[str, Wrong] = {}
    for each in mistakes:
        if each.field not in found:
            found[each.field] = wrong_of(words, each, now, fields.get(each.field, ""))
    return found


def wrong_of(words: Words, mistake: Mistake, now: datetime, text: str) -> Wrong:
    """A mistake in the reader's words: what was found and what was expected."""
    if mistake.awkward is not None:
        return _awkward(words, mistake.awkward, now)
    field = "answer" if mistake.field.startswith(ANSWER) else mistake.field
    sentence = _SENTENCE.get(field)
    if sentence is None:
        told = words.gettext(
            "found %(found)s, expected %(expected)s", found=mistake.found, expected=mistake.expected
        )
        return Wrong(text=told)
    return Wrong(text=sentence(words, text.strip(), mistake))


def _awkward(words: Words, awkward: Awkward, now: datetime) -> Wrong:
    why = words.gettext(SHUT[awkward.why])
    if awkward.next_at is None:
        return Wrong(text=why)
    return Wrong(text=why, instead=typed(words, awkward.next_at), instead_text=when(words, awkward.next_at, now))


def _quoted(words: Words, text: str) -> str:
    return f"“{text[:40]}”" if text else words.gettext("no entry")


_Sentence = Callable[[Words, str, Mistake], str]
_SENTENCE: dict[str, _Sentence] = {
    "outcome": lambda words, text, _: words.gettext(
        "found %(found)s, expected one of the outcomes", found=_quoted(words, text)
    ),
    "code": lambda words, text, _: words.gettext(
        "found %(found)s, expected one of the service codes", found=_quoted(words, text)
    ),
    "content": lambda words, text, _: words.gettext(
        "found %(n)s letters, expected 1 to %(most)s", n=len(text), most=MAX_CONTENT
    ),
    "time": lambda words, text, mistake: words.gettext(
        "found %(found)s, expected a time ahead such as tomorrow 11:00, tue 11:00, 15:30 or +30 (minutes)",
        found=_quoted(words, text),
    ),
    "next": lambda words, text, _: words.gettext(
        "This step needs a follow-up of the customer that permits it: tick it in his card."
    ),
    "settle": lambda words, text, _: words.gettext(
        "Somebody settled it meanwhile: the card shows what is open now."
    ),
    "customer": lambda words, text, _: words.gettext("found nobody chosen, expected the one of them who called"),
    "number": lambda words, text, _: words.gettext(
        "found %(found)s, expected a number at which he can be called", found=_quoted(words, text)
    ),
    "answer": lambda words, text, mistake: words.gettext(
        "found %(found)s, expected a mark of the question", found=_quoted(words, text)
    ),
}
