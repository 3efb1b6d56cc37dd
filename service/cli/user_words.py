"""The words of `threerings user`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.settings import Language
from service.cli.words import words as common

CHINESE: Mapping[str, str] = {
    "login": "登录名",
    "name": "姓名",
    "role": "角色",
    "agent": "坐席",
    "sees": "可见范围",
    "state": "状态",
    "last_login_at": "最近登录",
    "administrator": "管理员",
    "supervisor": "主管",
    "leader": "组长",
    "inspector": "质检员",
    "auditor": "审计员",
    "reader": "服务日志读者",
    "active": "启用",
    "disabled": "已停用",
    "locked": "暂时锁定",
    "everything": "整个中心",
    "nobody": "无",
    "browser": "浏览器",
    "address": "来源地址",
    "since": "起始",
    "last_used": "最近使用",
    "user_created": "已创建账号 {}。",
    "user_changed": "已更改账号 {}。",
    "user_disabled": "已停用账号 {}，其登录已结束。",
    "user_enabled": "已启用账号 {}。",
    "user_unlocked": "已解锁账号 {}。",
    "password_set": "已更改 {} 的密码，其登录已结束；下次登录须改成自己的。",
    "sessions_ended": "已结束 {} 个登录。",
    "password_shown_once": "请立即转告：首次登录密码只显示这一次，登录后必须更改。",
    "password_prompt": "密码：",
    "password_again": "再输一次：",
}
ENGLISH: Mapping[str, str] = {
    "leader": "group leader",
    "inspector": "QA inspector",
    "reader": "reader of service logs",
    "everything": "the whole centre",
    "last_login_at": "last log-in",
    "user_created": "The account {} is made.",
    "user_changed": "The account {} is changed.",
    "user_disabled": "The account {} is disabled, and its sessions have ended.",
    "user_enabled": "The account {} is enabled.",
    "user_unlocked": "The account {} is unlocked.",
    "password_set": "The password of {} is changed, and the sessions have ended; it is to be changed at log-in.",
    "sessions_ended": "{} sessions have ended.",
    "password_shown_once": "Tell it now: this password is shown this once, and must be changed at the first log-in.",
    "password_prompt": "Password: ",
    "password_again": "Once more: ",
}


def words(language: Language) -> Callable[[str], str]:
    """Names to words of a language."""
    table, other = (CHINESE if language is Language.ZH else ENGLISH), common(language)
    return lambda name: table.get(name) or other.get(name)
