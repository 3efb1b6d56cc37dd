"""Findings of a check are told in Chinese too: each code that the doctor can give has a title."""

from __future__ import annotations

import re
from pathlib import Path

import telephony
from service.doctor_words import title_of
from telephony.doctor_findings import Finding, Severity

CODES = re.compile(r'(?:code=|ok\(\s*|unknown\(\s*)f?"([a-z_{}]+)"')
CLASSES = ("call", "agent", "user", "cdr", "dtmf")


def _codes() -> set[str]:
    folder = Path(telephony.__file__).parent
    found = {
        code for path in folder.glob("doctor_*.py") for code in CODES.findall(path.read_text(encoding="utf-8"))
    }
    return {code for code in found if "{" not in code} | {f"read_{each}" for each in CLASSES}


def test_each_code_has_a_chinese_title() -> None:
    """No title is the English sentence."""
    assert len(_codes()) > 20
    for code in _codes():
        finding = Finding(severity=Severity.WARNING, code=code, what="what", found="", expected="")
        assert title_of(finding, "zh") != "what", code
        assert title_of(finding, "en") == "what"
