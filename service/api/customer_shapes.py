"""The shapes of customers: as they are told, and as a request tells them."""

from __future__ import annotations

from schedulers.customers.records import NumberUse
from schedulers.customers.row_readers import MOST_FIGURE
from schedulers.storage.customer_writing import What
from service.api.schema import (
    COUNT,
    FLAG,
    INSTANT,
    STRING,
    WHOLE,
    Schema,
    array,
    enum,
    maybe,
    obj,
    ref,
    with_optional,
)

NAME_OF_FIGURE = r"^[a-z][a-z0-9_]{0,38}$"
MOST_FIGURES = 50
MOST_NUMBERS = 20
LONGEST = 200

_BY_NAME: Schema = {"type": "object", "additionalProperties": WHOLE}
_NUMBER = obj(number=STRING, written=STRING, label=maybe(STRING), use=enum(NumberUse))
_BLOCKED = obj(reason=STRING, since=INSTANT, until=maybe(INSTANT))
_ANY: Schema = {"description": "a field of a customer as it was, or is"}
_CHANGE = obj(
    at=INSTANT,
    customer=STRING,
    what=enum(What),
    fields={"type": "object", "additionalProperties": obj(before=_ANY, after=_ANY)},
    by=STRING,
    reason=maybe(STRING),
    file=maybe(STRING),
    sheet=maybe(STRING),
    row=maybe(COUNT),
)
CUSTOMER = obj(
    id=STRING,
    name=maybe(STRING),
    sort=maybe(STRING),
    numbers=array(_NUMBER),
    branch=maybe(STRING),
    tier=maybe(STRING),
    owner=maybe(STRING),
    previous=maybe(STRING),
    zone=maybe(STRING),
    hours=maybe(STRING),
    dialect=maybe(STRING),
    language=maybe(STRING),
    birthday=maybe(STRING),
    since=maybe({"type": "string", "format": "date"}),
    until=maybe({"type": "string", "format": "date"}),
    figures=_BY_NAME,
    consent=maybe(FLAG),
    do_not_call=maybe(_BLOCKED),
    is_registered=FLAG,
)
CUSTOMERS = obj(customers=array(ref("Customer")), next_after=maybe(STRING))
HISTORY = obj(
    customer=ref("Customer"),
    aliases=array(STRING),
    spend=_BY_NAME,
    changes=array(_CHANGE),
    calls=array(ref("Call")),
)

_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_MAYBE_TEXT = maybe(_TEXT)
TEXTS = (
    "name", "sort", "branch", "tier", "owner", "zone", "hours", "dialect", "language", "birthday", "since", "until",
)  # fmt: skip
"""What is told as a text; null takes it back."""

TOLD = with_optional(
    obj(),
    **dict.fromkeys(TEXTS, _MAYBE_TEXT),
    numbers={"type": "array", "items": _TEXT, "maxItems": MOST_NUMBERS},
    figures={
        "type": "object",
        "propertyNames": {"pattern": NAME_OF_FIGURE},
        "additionalProperties": {**maybe(WHOLE), "minimum": 1 - MOST_FIGURE, "maximum": MOST_FIGURE - 1},
        "maxProperties": MOST_FIGURES,
    },
    consent=maybe(FLAG),
    do_not_call=maybe(with_optional(obj(), reason=_MAYBE_TEXT, until=_MAYBE_TEXT)),
)
