"""The words of tables, in Chinese and in English. JSON and CSV always have the names of the contract."""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Language

CHINESE: Mapping[str, str] = {
    "started": "开始",
    "from": "开始",
    "to": "结束",
    "at": "时间",
    "direction": "方向",
    "inbound": "呼入",
    "outbound": "呼出",
    "internal": "内部",
    "caller": "主叫",
    "called": "被叫",
    "disposition": "结果",
    "answered": "已接听",
    "picked_up": "仅系统接起",
    "voicemail": "留言",
    "abandoned": "已放弃",
    "cancelled": "已取消",
    "no_answer": "无人接听",
    "busy": "忙",
    "failed": "失败",
    "indeterminate": "未定",
    "open": "进行中",
    "known": "来源",
    "observed": "完整听到",
    "repaired": "由日志修复",
    "inferred": "部分推断",
    "agent": "座席",
    "agents": "座席",
    "talk": "通话(秒)",
    "talk_minutes": "通话分钟",
    "quota_floor": "下限",
    "quota_target": "目标",
    "offered": "振铃次数",
    "within": "三声内",
    "rate": "三声率",
    "calls": "通话数",
    "call_id": "通话编号",
    "state": "状态",
    "queue": "队列",
    "logged_in": "已签入",
    "paused": "示忙",
    "ringing": "振铃",
    "talking": "通话中",
    "wrap_up": "话后处理",
    "available": "空闲",
    "logged_out": "已签出",
    "fact": "事实",
    "revision": "版本",
    "why": "原因",
    "seconds": "秒",
    "calls_touched": "涉及通话",
    "lost": "连接中断",
    "crashed": "监听异常终止",
    "stopped": "监听停止",
    "unbroken": "连接已断而未告知",
    "pbx_restarted": "PBX 正常重启",
    "pbx_crashed": "PBX 异常重启",
    "clock": "时钟跳变",
    "sources": "修复依据",
    "repaired_at": "修复时间",
    "quarantined": "隔离事实",
    "day": "日期",
    "file": "文件",
    "first_seq": "起始编号",
    "last_seq": "末尾编号",
    "size": "大小",
    "check": "检查项",
    "result": "结果",
    "ok": "正常",
    "missing": "缺少",
    "unknown": "未知",
    "advice": "应添加",
    "size_bytes": "字节",
    "files": "文件数",
    "database": "数据库",
    "stored_seq": "已入库编号",
    "moved_aside": "原有数据已移至",
    "pbx": "PBX",
    "group": "组",
    "id": "编号",
    "name": "名称",
    "scopes": "权限",
    "created_at": "创建",
    "expires_at": "到期",
    "last_used_day": "最近使用",
    "revoked_at": "吊销",
    "shown_once": "请立即保存：令牌只显示这一次。",
    "token_revoked": "令牌已吊销。",
}

ENGLISH: Mapping[str, str] = {
    "shown_once": "Keep it now: a token is shown this once.",
    "token_revoked": "The token is revoked.",
}
"""What is said in English otherwise than by its name."""


class Words:
    """Words of one language."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def get(self, name: str) -> str:
        """The word for a name of the contract; where there is none, the name with spaces."""
        return self._table.get(name) or name.replace("_", " ")


def words(language: Language) -> Words:
    """The words of a language."""
    return Words(CHINESE if language is Language.ZH else ENGLISH)
