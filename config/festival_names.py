"""The festivals that a policy may name, and what people call them. Their days are known by `config.recurrence`."""

from __future__ import annotations

FESTIVAL_NAMES: dict[str, tuple[str, str]] = {
    "new_year": ("元旦", "New Year's Day"),
    "spring_festival": ("春节", "Spring Festival"),
    "lantern": ("元宵节", "Lantern Festival"),
    "womens_day": ("妇女节", "Women's Day"),
    "qingming": ("清明节", "Qingming"),
    "labour_day": ("劳动节", "Labour Day"),
    "dragon_boat": ("端午节", "Dragon Boat Festival"),
    "childrens_day": ("儿童节", "Children's Day"),
    "qixi": ("七夕", "Qixi"),
    "teachers_day": ("教师节", "Teachers' Day"),
    "mid_autumn": ("中秋节", "Mid-Autumn Festival"),
    "national_day": ("国庆节", "National Day"),
    "double_ninth": ("重阳节", "Double Ninth Festival"),
    "christmas": ("圣诞节", "Christmas"),
}
"""Chinese and English names by the name in the file."""
