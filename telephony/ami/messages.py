"""The only module that touches the package `asterisk-ami`: its message types, for those who know them.

Its types are public names of the field (`Event.name`, `Event.keys`, `Action`, `Response.is_error()`), so
scripts written for it can take our packets. Its readers and its client are not used: they split values at
U+2028, keep the last of repeated headers and give up after three silent seconds
(docs/decisions/0001-ami-codec.md). We parse and encode; only the shapes are the package's.

A dict is always given: the package's own default is one dict that all objects share.
"""

from __future__ import annotations

from typing import Any

from asterisk.ami import Action, Event, Response

from telephony.ami.actions import Pair, variable
from telephony.ami.packet import Packet

Value = str | list[str] | dict[str, str]


def to_event(packet: Packet) -> Event:
    """The package's Event.

    A header that repeats is a list of its values; a `…ChanVariable` is a dict of name to value.
    """
    return Event(packet.event, _keys(packet, without="event"))


def to_response(packet: Packet) -> Response:
    """The package's Response; repeated headers (`Output`) are joined by line feeds, as it does."""
    keys = {
        key: "\n".join(value) if isinstance(value, list) else value
        for key, value in _keys(packet, without="response").items()
    }
    return Response(packet.response, keys, [line for key, line in packet.headers if not key])


def from_action(action: Action) -> tuple[str, list[Pair]]:
    """Name and pairs of the package's Action, for `Client.action`.

    A list becomes a header for each of its values; an ActionID is left out, the client gives its own.
    """
    pairs: list[Pair] = []
    for key, value in action.keys.items():
        if key.lower() != "actionid":
            pairs += [(str(key), str(each)) for each in _each(value)]
    pairs += [variable(str(name), str(value)) for name, value in action.variables.items()]
    return str(action.name), pairs


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _keys(packet: Packet, *, without: str) -> dict[str, Value]:
    keys: dict[str, Value] = {}
    for key, value in packet.headers:
        if not key or key.lower() == without:
            continue
        if key.endswith("ChanVariable"):
            _add_variable(keys, key, value)
        else:
            _add(keys, key, value)
    return keys


def _add_variable(keys: dict[str, Value], key: str, value: str) -> None:
    name, _, set_to = value.partition("=")
    variables = keys.setdefault(key, {})
    if isinstance(variables, dict):
        variables[name] = set_to


def _add(keys: dict[str, Value], key: str, value: str) -> None:
    known = keys.get(key)
    if known is None:
        keys[key] = value
    elif isinstance(known, list):
        known.append(value)
    elif isinstance(known, str):
        keys[key] = [known, value]
