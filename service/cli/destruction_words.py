"""The words of `threerings destruction` and `threerings hold`."""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Language
from service.cli.words import CHINESE as COMMON
from service.cli.words import Words

CHINESE: Mapping[str, str] = {
    **COMMON,
    "id": "编号",
    "basis": "依据",
    "retention": "超过保存天数",
    "by_hand": "手工选定",
    "reason": "理由",
    "made_at": "建立时间",
    "policy": "策略",
    "stage": "状态",
    "made": "待审核",
    "reviewed": "待批准",
    "approved": "已批准，待两人监销",
    "carrying": "执行中",
    "done": "已执行",
    "dropped": "已撤销",
    "files": "文件数",
    "left": "还差",
    "review": "审核",
    "approve": "批准",
    "first_present": "一人在场",
    "second_present": "第二人在场",
    "begin": "执行",
    "certificate": "销毁证明",
    "file": "录音",
    "call_id": "通话",
    "began_at": "开始时间",
    "kept_until": "保存至",
    "length": "时长",
    "state": "状态",
    "listed": "已列入",
    "left_out": "已移出",
    "held": "依法保留",
    "begun": "销毁中",
    "destroyed": "已销毁",
    "failed": "未销毁",
    "act": "行为",
    "make": "登记",
    "attend": "在场",
    "finish": "执行完毕",
    "drop": "撤销",
    "login": "登录名",
    "name": "姓名",
    "at": "时间",
    "note": "备注",
    "kind": "对象",
    "call": "通话",
    "customer": "客户",
    "period": "期间",
    "target": "编号或期间",
    "placed_by": "设置人",
    "placed_at": "设置时间",
    "lifted_by": "解除人",
    "lifted_at": "解除时间",
    "lift_reason": "解除理由",
    "more_due": "到期录音多于一份清单可容：执行后请再建一份。",
    "due_told": "到期可列入：{0}；到期但依法保留：{1}。",
    "chain_whole": "{0} 份证明，前后衔接完整。",
    "password_of": "{} 的密码：",
    "destroy_question": "清单 {0}：将永久销毁 {1} 条录音，不可恢复。确定？",
}
ENGLISH: Mapping[str, str] = {
    "retention": "past its days",
    "by_hand": "by hand",
    "made": "to be reviewed",
    "reviewed": "to be approved",
    "approved": "approved, two to be present",
    "carrying": "being carried out",
    "done": "carried out",
    "left_out": "taken off",
    "failed": "not destroyed",
    "more_due": "More is past its days than one list holds: make another one afterwards.",
    "due_told": "Past their days, and may be listed: {0}; past their days and held: {1}.",
    "chain_whole": "{0} certificates, each with the digest of the one before.",
    "password_of": "Password of {}: ",
    "destroy_question": "List {0}: {1} recordings are destroyed for good. Destroy them?",
}


def destruction_words(language: Language) -> Words:
    """The words of a language."""
    return Words(CHINESE if language is Language.ZH else ENGLISH)
