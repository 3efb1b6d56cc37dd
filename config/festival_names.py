"""The festivals that a policy may name, and what people call them. Their days are known by `config.recurrence`."""

from __future__ import annotations

FESTIVAL_NAMES: dict[str, tuple[str, str]] = {
    "new_year": ("元旦", "New Year"),
    "spring_festival": ("春节", "Spring Festival"),
    "lantern": ("元宵节", "Lantern Festival"),
    "qingming": ("清明节", "Qingming"),
    "labour_day": ("劳动节", "Labour Day"),
    "dragon_boat": ("端午节", "Dragon Boat Festival"),
    "qixi": ("七夕", "Qixi"),
    "mid_autumn": ("中秋节", "Mid-Autumn Festival"),
    "double_ninth": ("重阳节", "Double Ninth"),
    "national_day": ("国庆节", "National Day"),
    "christmas": ("圣诞节", "Christmas"),
}
"""Chinese and English names by the name in the file."""
