"""Files of customers with a mistake, each with the one sentence that is told of it; `{file}` is the file's path.

A file is CSV text or bytes, or a workbook: sheets of rows by name.
"""

from __future__ import annotations

from datetime import datetime

Content = str | bytes | dict[str, list[list[object]]]

DAY = "expected a date such as 2026-11-02"
BIRTHDAY = "expected a day such as 08-15, 1980-08-15, 8月15日, or 农历八月十五"
HOURS = "expected spans in order such as 09:00-12:00 13:30-18:00, within one day"
FLAG = "expected 是 or 否, yes or no"
DIAL = "expected a number that can be dialled"
COLUMNS = "expected at least id (客户编号) or number (电话)"
LATER = "expected a day after 2026-03-01, the first on which he is no customer"
TWICE = "expected one row a customer"

BAD: dict[str, tuple[Content, str]] = {
    "no known column": (
        "姓,名\n王,娜\n",
        "{file}, row 1: found the columns '姓, 名', " + COLUMNS,
    ),
    "a sheet without a header": (
        {"客户": [["客户编号", "姓名"], ["K1", "王娜"]], "说明": [["本表由网点填写"]]},
        "{file}, sheet 说明, row 1: found the columns '本表由网点填写', " + COLUMNS,
    ),
    "neither id nor number": (
        "客户编号,姓名\n,王娜\n",
        "{file}, row 2, column 客户编号: found nothing, expected a customer's id, or a number in its place",
    ),
    "no number where there is no id": (
        "手机,姓名\n,王娜\n",
        "{file}, row 2, column 手机: found nothing, expected a customer's id, or a number in its place",
    ),
    "the same id twice": (
        "客户编号,姓名\nK1,王娜\nK2,李强\nK1,赵敏\n",
        f"{{file}}, row 4, column 客户编号: found 'K1': row 2 has him too, {TWICE}",
    ),
    "the same number twice without ids": (
        "电话\n13800138000\n138 0013 8000\n",
        f"{{file}}, row 3, column 电话: found 'tel:+8613800138000': row 2 has him too, {TWICE}",
    ),
    "the same id in two sheets": (
        {"一": [["客户编号"], ["K1"]], "二": [["客户编号"], ["K1"]]},
        f"{{file}}, sheet 二, row 2, column 客户编号: found 'K1': row 2 has him too, {TWICE}",
    ),
    "a line of totals": (
        "客户编号,资产\nK1,5\n合计,5\n",
        "{file}, row 3, column 客户编号: found '合计', expected a customer's id: a line of totals is nobody",
    ),
    "an id that is endless": (
        f"客户编号\n{'K' * 201}\n",
        f"{{file}}, row 2, column 客户编号: found '{'K' * 57}…', expected a customer's id",
    ),
    "an id that does not print": (
        "客户编号,姓名\nK\x01,王娜\n",
        "{file}, row 2, column 客户编号: found 'K\\x01', expected a customer's id",
    ),
    "the only number is too short": (
        "客户编号,电话\nK1,8888\n",
        f"{{file}}, row 2, column 电话: found '8888', {DIAL}",
    ),
    "the only number is words": (
        "客户编号,电话\nK1,打前台\n",
        f"{{file}}, row 2, column 电话: found '打前台', {DIAL}",
    ),
    "the only number lost its digits in Excel": (
        "客户编号,手机\nK1,1.38E+10\n",
        f"{{file}}, row 2, column 手机: found '1.38E+10', {DIAL}",
    ),
    "the only number has a digit too few": (
        "客户编号,手机\nK1,1380013800\n",
        f"{{file}}, row 2, column 手机: found '1380013800', {DIAL}",
    ),
    "all of several numbers are wrong": (
        "客户编号,手机,电话2\nK1,999,456\n",
        f"{{file}}, row 2, column 手机: found '999', {DIAL}",
    ),
    "a number cell of a sheet": (
        {"客户": [["客户编号", "手机"], ["K1", 13800138000], ["K2", 888]]},
        f"{{file}}, sheet 客户, row 3, column 手机: found '888', {DIAL}",
    ),
    "an unknown owner": (
        "客户编号,客户经理\nK1,1099\n",
        "{file}, row 2, column 客户经理: found '1099', expected an agent who is known: import agents first",
    ),
    "an owner's name that two have": (
        "客户编号,责任坐席\nK1,王娜\n",
        "{file}, row 2, column 责任坐席: found '王娜', expected an agent one of his number: two are called so",
    ),
    "a zone that does not exist": (
        "客户编号,时区\nK1,乌鲁木齐\n",
        "{file}, row 2, column 时区: found '乌鲁木齐', expected a time zone such as Asia/Urumqi",
    ),
    "a birthday that does not exist": (
        "客户编号,生日\nK1,2月30日\n",
        f"{{file}}, row 2, column 生日: found '2月30日', {BIRTHDAY}",
    ),
    "a birthday that may be of either calendar": (
        "客户编号,生日\nK1,八月十五\n",
        f"{{file}}, row 2, column 生日: found '八月十五', {BIRTHDAY}",
    ),
    "a lunar day that does not exist": (
        "客户编号,生日\nK1,农历八月卅一\n",
        f"{{file}}, row 2, column 生日: found '农历八月卅一', {BIRTHDAY}",
    ),
    "a lunar month that does not exist": (
        "客户编号,农历生日\nK1,13-01\n",
        f"{{file}}, row 2, column 农历生日: found '13-01', {BIRTHDAY}",
    ),
    "a birthday in words": ("客户编号,生日\nK1,春天\n", f"{{file}}, row 2, column 生日: found '春天', {BIRTHDAY}"),
    "hours that end before they begin": (
        "客户编号,作息\nK1,18:00-09:00\n",
        f"{{file}}, row 2, column 作息: found '18:00-09:00', {HOURS}",
    ),
    "hours that overlap": (
        "客户编号,作息\nK1,09:00-12:00 11:00-18:00\n",
        f"{{file}}, row 2, column 作息: found '09:00-12:00 11:00-18:00', {HOURS}",
    ),
    "hours that no clock shows": (
        "客户编号,作息\nK1,09:00-25:00\n",
        f"{{file}}, row 2, column 作息: found '09:00-25:00', {HOURS}",
    ),
    "a consent that is no answer": (
        "客户编号,同意联系\nK1,也许\n",
        f"{{file}}, row 2, column 同意联系: found '也许', {FLAG}",
    ),
    "a do-not-call that is no answer": (
        "客户编号,勿扰\nK1,偶尔\n",
        f"{{file}}, row 2, column 勿扰: found '偶尔', {FLAG}",
    ),
    "a reason beside a no": (
        "客户编号,勿扰,勿扰原因\nK1,否,客户要求\n",
        "{file}, row 2, column 勿扰原因: found '客户要求', expected nothing beside a no",
    ),
    "an end beside a no": (
        "客户编号,勿扰,勿扰至\nK1,否,2027-01-01\n",
        "{file}, row 2, column 勿扰至: found '2027-01-01', expected nothing beside a no",
    ),
    "an end that is no date": (
        "客户编号,勿扰,勿扰至\nK1,是,明年\n",
        "{file}, row 2, column 勿扰至: found '明年', expected a date or a time such as 2026-11-02 09:00",
    ),
    "a first day that is none": (
        "客户编号,建档日期\nK1,2026-02-30\n",
        f"{{file}}, row 2, column 建档日期: found '2026-02-30', {DAY}",
    ),
    "a first day with a time": (
        {"客户": [["客户编号", "开户日期"], ["K1", datetime(2026, 2, 3, 4, 5)]]},  # noqa: DTZ001  (Excel's own)
        f"{{file}}, sheet 客户, row 2, column 开户日期: found '2026-02-03 04:05:00', {DAY}",
    ),
    "a last day before the first": (
        "客户编号,建档日期,销户日期\nK1,2026-03-01,2026-03-01\n",
        f"{{file}}, row 2, column 销户日期: found 2026-03-01, {LATER}",
    ),
    "assets with a fraction": (
        "客户编号,资产\nK1,300000.50\n",
        "{file}, row 2, column 资产: found '300000.50', expected a whole number",
    ),
    "assets in words": (
        "客户编号,资产\nK1,三十万\n",
        "{file}, row 2, column 资产: found '三十万', expected a whole number",
    ),
    "a figure that no register has": (
        "客户编号,积分\nK1,1000000000000000\n",
        "{file}, row 2, column 积分: found '1000000000000000', expected a whole number",
    ),
    "what an unknown customer spent": (
        "客户编号,月份,消费\nK9,2026-10,5\n",
        "{file}, row 2, column 客户编号: found 'K9', expected a customer who is known: import customers first",
    ),
    "a customer's month twice": (
        {
            "客户": [["客户编号"], ["K1"]],
            "消费": [["客户编号", "月份", "消费"], ["K1", "2026-10", 5], ["K1", "2026年10月", 6]],
        },
        f"{{file}}, sheet 消费, row 3, column 客户编号: found 'K1' in 2026-10 twice, {TWICE} and month",
    ),
    "a month that is none": (
        "客户编号,月份,消费\nK1,2026-13,5\n",
        "{file}, row 2, column 月份: found '2026-13', expected a month such as 2026-11",
    ),
    "less than nothing spent": (
        "客户编号,月份,消费\nK1,2026-10,-5\n",
        "{file}, row 2, column 消费: found '-5', expected a number with up to 3 decimals, not negative",
    ),
    "a part of a fen": (
        "客户编号,月份,消费\nK1,2026-10,5.125\n",
        "{file}, row 2, column 消费: found '5.125', expected an amount with up to 2 decimals",
    ),
    "a branch that does not print": (
        "客户编号,网点\nK1,北\x07京\n",
        "{file}, row 2, column 网点: found '北\\x07京', expected a text",
    ),
}

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "an old Excel file": (
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "{file}: found an old Excel file (.xls), expected .xlsx or CSV: save it as one",
    ),
    "a workbook that was cut off": (
        b"PK\x03\x04" + b"\0" * 40,
        "{file}: found no readable workbook (BadZipFile), expected .xlsx",
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        "{file}: found bytes that are no text, expected CSV in UTF-8 or GB 18030, or .xlsx",
    ),
}
