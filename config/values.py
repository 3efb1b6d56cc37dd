"""What settings and policies both accept: zones, countries, hosts, paths and URLs."""

from __future__ import annotations

import ipaddress
import re
from zoneinfo import ZoneInfo

import phonenumbers

from config.reading import Table

DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_COUNTRY = "CN"

_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*\.?")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S*")


def zone_of(table: Table, default: str = DEFAULT_ZONE) -> ZoneInfo:
    """The table's `zone`, a name of the time zone database."""
    return ZoneInfo(table.checked("zone", default, is_zone, "a time zone such as Asia/Shanghai"))


def country_of(table: Table, default: str = DEFAULT_COUNTRY) -> str:
    """The table's `country`, by which national numbers are read; two capital letters."""
    return table.checked("country", default, is_country, "a country of two letters such as CN").upper()


def is_zone(name: str) -> bool:
    """Whether the time zone database has this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def is_country(name: str) -> bool:
    """Whether these two letters are a country that has a numbering plan."""
    return name.upper() in phonenumbers.SUPPORTED_REGIONS


def is_host(name: str) -> bool:
    """Whether this is a host's name or address, without a port."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return _HOST.fullmatch(name) is not None
    return True


def is_url(text: str) -> bool:
    """Whether this is a URL rather than a path."""
    return _URL.fullmatch(text) is not None
