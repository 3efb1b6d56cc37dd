"""Metrics of calls: their fates, three minutes, what became of customers, and how complete the record is."""

from __future__ import annotations

from functools import partial

from analytics.metrics.definitions import Chapter, Metric, Unit
from analytics.metrics.measures import DISPOSITIONS, OPEN, fate
from telephony.calls.facts import Direction

_count = partial(Metric, chapter=Chapter.ANSWERING, unit=Unit.COUNT)
_rate = partial(Metric, chapter=Chapter.ANSWERING, unit=Unit.RATE)
_customers = partial(Metric, chapter=Chapter.CUSTOMERS, unit=Unit.COUNT)
_customer_rate = partial(Metric, chapter=Chapter.CUSTOMERS, unit=Unit.RATE)
_complete = partial(Metric, chapter=Chapter.COMPLETENESS, unit=Unit.COUNT)


def _all(direction: Direction) -> tuple[str, ...]:
    return tuple(fate(direction, each) for each in DISPOSITIONS)


_INBOUND, _OUTBOUND, _INTERNAL = map(_all, (Direction.INBOUND, Direction.OUTBOUND, Direction.INTERNAL))
_ALL = (*_INBOUND, *_OUTBOUND, *_INTERNAL)
_INBOUND_OVER = tuple(each for each in _INBOUND if each != fate(Direction.INBOUND, OPEN))
_OUTBOUND_OVER = tuple(each for each in _OUTBOUND if each != fate(Direction.OUTBOUND, OPEN))

CALL_METRICS: tuple[Metric, ...] = (
    _count(
        name="calls",
        zh="通话数",
        en="calls",
        sentence="Calls that began in the period, whatever became of them; one call however many legs it had.",
        formula="count",
        of=_ALL,
    ),
    _count(
        name="calls_inbound",
        zh="呼入",
        en="inbound calls",
        sentence="Calls from outside.",
        formula="count",
        of=_INBOUND,
    ),
    _count(
        name="calls_outbound",
        zh="呼出",
        en="outbound calls",
        sentence="Calls to outside.",
        formula="count",
        of=_OUTBOUND,
    ),
    _count(
        name="calls_internal",
        zh="内部",
        en="internal calls",
        sentence="Calls in which nobody outside took part.",
        formula="count",
        of=_INTERNAL,
    ),
    _count(
        name="inbound_answered",
        zh="呼入接通",
        en="inbound calls answered",
        sentence="Inbound calls in which a human of the centre talked.",
        formula="count of inbound calls with disposition answered",
        of=("inbound_answered",),
    ),
    _count(
        name="inbound_abandoned",
        zh="呼入放弃",
        en="inbound calls abandoned",
        sentence="Inbound calls whose caller left in the menu, in the queue or while a phone rang.",
        formula="count of inbound calls with disposition abandoned",
        of=("inbound_abandoned",),
    ),
    _count(
        name="inbound_abandoned_short",
        zh="呼入短放弃",
        en="inbound calls abandoned at once",
        sentence="Abandoned inbound calls that stayed for less than limits.short_abandon.",
        formula="count; part of inbound_abandoned",
        of=("inbound_abandoned_short",),
    ),
    _count(
        name="inbound_menu_only",
        zh="仅自助服务",
        en="inbound calls served without a human",
        sentence="Inbound calls that ended in a menu or a message.",
        formula="count of inbound calls with disposition picked_up",
        of=("inbound_picked_up",),
    ),
    _count(
        name="inbound_voicemail",
        zh="呼入留言",
        en="inbound calls to voicemail",
        sentence="Inbound calls that ended in a mailbox.",
        formula="count of inbound calls with disposition voicemail",
        of=("inbound_voicemail",),
    ),
    _count(
        name="inbound_lost",
        zh="呼入未接",
        en="inbound calls lost",
        sentence="Inbound calls that the centre ended: nobody answered, all busy, or failed.",
        formula="count of inbound calls with disposition no_answer, busy or failed",
        of=("inbound_no_answer", "inbound_busy", "inbound_failed"),
    ),
    _count(
        name="inbound_open",
        zh="呼入进行中",
        en="inbound calls in progress",
        sentence="Inbound calls that went on at the as-of instant.",
        formula="count",
        of=("inbound_open",),
    ),
    _rate(
        name="answer_rate",
        zh="接通率",
        en="answer rate",
        sentence="The share of inbound calls that are over in which a human talked.",
        formula="inbound_answered ÷ inbound calls that are over",
        of=("inbound_answered",),
        over=_INBOUND_OVER,
    ),
    _count(
        name="outbound_answered",
        zh="呼出接通",
        en="outbound calls answered",
        sentence="Outbound calls in which a human of the centre talked with the customer.",
        formula="count of outbound calls with disposition answered",
        of=("outbound_answered",),
    ),
    _rate(
        name="outbound_answer_rate",
        zh="呼出接通率",
        en="outbound answer rate",
        sentence="The share of outbound calls that are over that were answered.",
        formula="outbound_answered ÷ outbound calls that are over",
        of=("outbound_answered",),
        over=_OUTBOUND_OVER,
    ),
    _count(
        name="short_calls",
        zh="短通话数",
        en="short calls",
        sentence=(
            "Answered calls whose talk was under limits.short_talk; they stay in offered and answered and leave the "
            "averages, three minutes and first-contact resolution."
        ),
        formula="count",
        of=("calls_short",),
    ),
    _count(
        name="silent_calls",
        zh="无声电话数",
        en="silent calls",
        sentence="Calls in which the customer was not heard, as the audio or the agent says; apart as short calls are.",
        formula="count",
        of=("calls_silent",),
    ),
    _count(
        name="handled",
        zh="三分钟考核通数",
        en="calls in the three-minute rate",
        sentence="Calls answered by a human that are over and neither short nor silent.",
        formula="handled_within + those over the limit",
        of=("handled_within", "handled_over"),
    ),
    _count(
        name="handled_within",
        zh="三分钟内办结",
        en="handled within three minutes",
        sentence=(
            "Calls whose time from the first human answer to the customer's end, hold included, is at most 180.000 s."
        ),
        formula="count where time ≤ limits.handled_within",
        of=("handled_within",),
    ),
    _rate(
        name="handled_rate",
        zh="三分钟办结率",
        en="three-minute rate",
        sentence="The share of those calls that were handled within three minutes.",
        formula="handled_within ÷ handled",
        of=("handled_within",),
        over=("handled_within", "handled_over"),
    ),
)
"""In the order of the document."""

CUSTOMER_METRICS: tuple[Metric, ...] = (
    _customers(
        name="contacts",
        zh="可判定来电",
        en="contacts that can be judged",
        sentence=(
            "Answered inbound calls of a person's own number, neither short nor silent, after which the number called "
            "again or limits.first_contact hours have passed."
        ),
        formula="count",
        of=("contacts",),
    ),
    _customers(
        name="contacts_final",
        zh="一次解决",
        en="solved at the first contact",
        sentence="Contacts after whose end the number did not call again within limits.first_contact hours.",
        formula="count",
        of=("contacts_final",),
    ),
    _customers(
        name="contacts_open",
        zh="待判定来电",
        en="contacts not judged yet",
        sentence="Contacts whose hours are not over and whose number has not called again.",
        formula="count; outside first_contact_resolution",
        of=("contacts_open",),
    ),
    _customer_rate(
        name="first_contact_resolution",
        zh="一次解决率",
        en="first-contact resolution",
        sentence="The share of contacts after which the customer did not have to call again.",
        formula="contacts_final ÷ contacts",
        of=("contacts_final",),
        over=("contacts",),
    ),
    _customers(
        name="repeat_calls",
        zh="重复来电",
        en="repeat calls",
        sentence="Inbound calls of a number of which an answered inbound call ended within the hours before.",
        formula="count",
        of=("repeat_calls",),
    ),
    _customers(
        name="missed_numbers",
        zh="未接号码数",
        en="numbers missed",
        sentence=(
            "Numbers whose inbound call reached no human (abandoned after limits.short_abandon, no answer, busy, "
            "failed or voicemail), once a number and centre's day."
        ),
        formula="count",
        of=("missed_numbers",),
    ),
    _customers(
        name="missed_not_called_back",
        zh="未接未回",
        en="numbers missed and not spoken with",
        sentence="Of the numbers missed those with which nobody has spoken within the hours since, either way.",
        formula="count; part of missed_numbers",
        of=("missed_uncalled",),
    ),
    _customer_rate(
        name="called_back_rate",
        zh="未接回访率",
        en="called-back rate",
        sentence="The share of the numbers missed with which somebody spoke within the hours since.",
        formula="(missed_numbers − missed_not_called_back) ÷ missed_numbers",
        of=("missed_numbers", "-missed_uncalled"),
        over=("missed_numbers",),
    ),
    _customers(
        name="missed_without_number",
        zh="无法回拨的未接",
        en="missed, cannot be called back",
        sentence="Missed calls with a withheld number, or from a switchboard or short code.",
        formula="count",
        of=("missed_withheld",),
    ),
)
"""In the order of the document."""

COMPLETENESS_METRICS: tuple[Metric, ...] = (
    _complete(
        name="customer_talks",
        zh="人工通话数",
        en="calls with a customer's talk",
        sentence="Calls in which a human of the centre talked with a customer.",
        formula="count",
        of=("customer_talks",),
    ),
    _complete(
        name="calls_without_outcome",
        zh="未登记结果",
        en="calls without a recorded outcome",
        sentence="Calls with a customer's talk for which no agent recorded an outcome.",
        formula="count; part of customer_talks",
        of=("without_outcome",),
    ),
    _complete(
        name="calls_inferred",
        zh="推断的通话",
        en="calls inferred",
        sentence="Calls part of which was not heard and that no log could tell whole.",
        formula="count",
        of=("calls_inferred",),
    ),
    _complete(
        name="calls_repaired",
        zh="补全的通话",
        en="calls repaired",
        sentence="Calls rebuilt whole from the PBX's own logs.",
        formula="count",
        of=("calls_repaired",),
    ),
    _complete(
        name="talks_open",
        zh="进行中的通话段",
        en="talks in progress",
        sentence="Talks with customers that went on at the as-of instant and are counted up to it.",
        formula="count",
        of=("talks_open",),
    ),
)
"""In the order of the document."""
