"""Reads what a version says of follow-ups: contact rules, groups, reasons, surveys, and each kind.

One kind is read by `config.kind_reading`; what must hold between them is in `config.followup_checks`.
"""

from __future__ import annotations

from datetime import timedelta

from config.festival_names import FESTIVAL_NAMES
from config.followups import Cap, ContactRules, Group, Promises, Question, Reason, Survey
from config.kind_reading import EXPECTED_ID, ID, read_kind
from config.policy_tables import read_spans
from config.promise_grammar import EXPECTED_CAP, EXPECTED_SPAN, cap_of, span_of
from config.reading import Table
from config.showing import one_of, shown

EXPECTED_AGENTS = "a list of agents' numbers as texts"
MAX_SCALE = 100


def read_promises(version: Table) -> Promises:
    """All of a version that is about follow-ups; mistakes are noted in its document."""
    contact = version.table("contact")
    promises = Promises(
        duty=contact.texts("duty", expected=EXPECTED_AGENTS),
        major=_major(contact),
        contact=_contact(contact),
        groups=tuple(_group(each) for each in version.tables("group")),
        reasons=tuple(_reason(each) for each in version.tables("reason")),
        surveys=tuple(_survey(each) for each in version.tables("survey")),
        kinds=tuple(read_kind(each) for each in version.tables("followup")),
    )
    contact.done()
    return promises


def check_shared(version: Table) -> None:
    """Note the mistakes of what an included file may say of contacts, surveys and reasons."""
    contact = version.table("contact")
    contact.texts("duty", expected=EXPECTED_AGENTS)
    _major(contact)
    _contact(contact)
    contact.done()
    for each in version.tables("reason"):
        _reason(each)
    for each in version.tables("survey"):
        _survey(each)


def _contact(table: Table) -> ContactRules:
    plain = ContactRules()
    spans = read_spans(table, "windows")
    if table.has("windows") and not spans and not table.bad("windows"):
        table.note("windows", "an empty list", "a span at least: nobody could ever be called")
    return ContactRules(
        windows=spans or plain.windows,
        caps=_caps(table) if table.has("caps") else plain.caps,
        nudge=_span(table, "nudge", plain.nudge),
        nudge_leader=_span(table, "nudge_leader", plain.nudge_leader),
        punctual=_span(table, "punctual", plain.punctual),
    )


def _caps(table: Table) -> tuple[Cap, ...]:
    caps = [cap_of(text) for text in table.texts("caps", expected=EXPECTED_CAP)]
    if None in caps:
        table.note("caps", f"another phrase as entry {caps.index(None) + 1}", EXPECTED_CAP)
    known = tuple(cap for cap in caps if cap)
    if len({cap.span for cap in known}) < len(known):
        table.note("caps", "two caps of one span", "one cap a day, one a week, one a month")
    return known


def _span(table: Table, key: str, default: timedelta) -> timedelta:
    text = table.checked(key, "", span_of, EXPECTED_SPAN)
    return span_of(text) or default


def _major(table: Table) -> tuple[str, ...]:
    expected = f"a list of {one_of(FESTIVAL_NAMES)}"
    return table.texts("major_festivals", expected=expected, pattern="|".join(FESTIVAL_NAMES))


def _group(table: Table) -> Group:
    group = Group(
        group=table.required("group"),
        leaders=table.texts("leaders", expected=EXPECTED_AGENTS),
        above=table.optional("above", expected="the name of a group"),
    )
    if not group.leaders and not table.bad("leaders"):
        table.note("leaders", "nobody", "the leaders' numbers, the one in charge first")
    table.done()
    return group


def _reason(table: Table) -> Reason:
    reason = Reason(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
    )
    table.done()
    return reason


def _survey(table: Table) -> Survey:
    survey = Survey(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        questions=tuple(_question(each) for each in table.tables("question")),
        least=table.integer("least", 10, low=1, high=10_000),
    )
    if not survey.questions and not table.bad("question"):
        table.note("question", "nothing", "a question at least")
    asked = [question.id for question in survey.questions]
    for index, each in enumerate(asked):
        if each and each in asked[:index]:
            path = (*table.path, "question", index, "id")
            table.document.note(path, f"{shown(each)} twice", "each question once")
    table.done()
    return survey


def _question(table: Table) -> Question:
    scale = table.integer("scale", 0, low=2, high=MAX_SCALE)
    content_from = table.integer("content_from", 0, low=1, high=scale or MAX_SCALE)
    if content_from and not scale and not table.bad("scale"):
        table.note("content_from", "no scale beside it", "scale, the best of the marks")
    question = Question(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        text_zh=table.required("text_zh"),
        text_en=table.required("text_en"),
        scale=scale or None,
        content_from=content_from or None,
    )
    table.done()
    return question
