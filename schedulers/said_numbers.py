"""Numbers below a hundred as they are said: 3, 三, 两, 十一, 二十, 四十五. Pure."""

from __future__ import annotations

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "日": 7, "天": 7}
NUMBER = r"(?:\d{1,3}|[零一二三四五六七八九两]?十[一二三四五六七八九]?|零?[零一二三四五六七八九两])"
"""What `number_of` reads, as a part of a pattern."""


def number_of(text: str) -> int:
    """Its value; 日 and 天 are the seventh day of a week."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text[-1]]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
