"""Reads which closings a centre keeps: the policy's [holidays]."""

from __future__ import annotations

from config.closings import Closings, MakeUp
from config.national import is_country
from config.reading import Table
from config.values import DEFAULT_COUNTRY

EXPECTED_COUNTRY = "a country of two letters whose closings are known, such as CN"


def read_closings(policy: Table) -> Closings:
    """The policy's [holidays]; without the table, or with `observe = false`, no national closing is kept."""
    table = policy.table("holidays")
    observe = table.flag("observe", True)
    named = policy.raw("country")
    country = table.checked(
        "country", named if isinstance(named, str) else DEFAULT_COUNTRY, is_country, EXPECTED_COUNTRY
    )
    make_up = table.choice("make_up", MakeUp.MON)
    table.done()
    return Closings(country=country if observe and policy.has("holidays") else None, make_up=make_up)
