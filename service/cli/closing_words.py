"""The words and questions of closing a month, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Language
from service.cli.words import CHINESE, Words

CLOSING: Mapping[str, str] = {
    **CHINESE,
    "id": "编号",
    "report": "报表",
    "period": "期间",
    "zone": "时区",
    "groups": "分组",
    "number": "版次",
    "issued_at": "发布时间",
    "issued_by": "发布人",
    "reason": "理由",
    "supersedes": "取代编号",
    "as_of": "数据截至",
    "objections_until": "异议截止",
    "policy": "规则",
    "policy_digest": "规则指纹",
    "policy_changed": "规则有变",
    "program": "程序版本",
    "sha256": "数据指纹",
    "warnings": "提示",
    "signed_by": "签核人",
    "signed_at": "签核时间",
    "sign_note": "签核备注",
    "in_spite": "例外理由",
    "figures": "数据",
    "issue": "发布信息",
    "name": "名称",
    "value": "内容",
    "difference": "差异",
    "no_difference": "没有差异",
    "change": "变化",
    "added": "新增",
    "gone": "消失",
    "changed": "更改",
    "column": "项目",
    "before": "之前",
    "after": "之后",
    "warnings_gone": "已消除的提示",
    "warnings_new": "新出现的提示",
    "sound": "完好",
    "true": "是",
    "false": "否",
    "kind": "对象",
    "offering": "振铃",
    "call": "通话",
    "target": "对象编号",
    "target_at": "发生时间",
    "stored": "仍在库",
    "text": "说明",
    "phone_fault": "话机故障",
    "test": "测试",
    "crank": "骚扰",
    "other": "其他",
    "asked": "待批",
    "approved": "已批准",
    "refused": "已驳回",
    "withdrawn": "已撤回",
    "asked_by": "申请人",
    "asked_at": "申请时间",
    "decided_by": "决定人",
    "decided_at": "决定时间",
    "withdrawn_by": "撤回人",
    "withdrawn_at": "撤回时间",
    "about": "异议内容",
    "minutes": "分钟",
    "rings": "振铃",
    "raised_at": "提出时间",
    "objection_open": "待答复",
    "objection_upheld": "成立",
    "objection_rejected": "不成立",
    "objection_withdrawn": "已撤回",
    "answer": "答复",
    "exemption": "免计编号",
    "restatement": "重发编号",
    "month_open": "未发布",
    "month_issued": "已发布",
    "month_signed": "已签核",
    "month_restated": "已重发，待签核",
    "obstacle": "未了事项",
    "what": "对象",
    "detail": "详情",
    "not_issued": "未发布报表",
    "unfinished": "未满月统计",
    "open_objection": "异议未答复",
    "undecided_exemption": "免计未决定",
    "window_open": "异议期未满",
    "open_gap": "监听缺口",
    "target_lost": "对象已不在库",
    "hold_minutes": "保持分钟",
    "tier": "级别",
    "quota_short": "距下限",
    "late": "超三声",
    "declined": "拒接",
    "caller_gave_up_late": "超三声后客户挂断",
    "caller_gave_up_early": "三声内客户挂断",
    "answered_elsewhere": "他人接听",
    "unreachable": "话机不可达",
    "all": "全部",
}

ENGLISH: Mapping[str, str] = {
    "objection_open": "open",
    "objection_upheld": "upheld",
    "objection_rejected": "rejected",
    "objection_withdrawn": "withdrawn",
    "no_difference": "no difference",
    "month_open": "not issued",
    "month_issued": "issued",
    "month_signed": "signed",
    "month_restated": "restated, not signed yet",
    "target_lost": "its target is not stored any more",
}

_QUESTIONS: Mapping[str, Mapping[Language, str]] = {
    "issue": {
        Language.ZH: "{0}：发布后不可更改，确定发布？",
        Language.EN: "{0}: what is issued cannot be changed. Issue it?",
    },
    "sign": {
        Language.ZH: "{0}：签核后不可撤销，确定签核？",
        Language.EN: "{0}: a sign-off cannot be taken back. Sign?",
    },
    "decide": {
        Language.ZH: "{0}：决定后不可更改，确定？",
        Language.EN: "{0}: a decision cannot be changed. Decide?",
    },
    "hang_up": {
        Language.ZH: "{0}：挂断后不可恢复，确定挂断？",
        Language.EN: "{0}: a call that is ended stays so. Hang up?",
    },
    "merge": {
        Language.ZH: "{0}：合并后不可拆分，确定合并？",
        Language.EN: "{0}: merged customers stay one. Merge them?",
    },
    "withdraw": {
        Language.ZH: "{0}：撤回后不可恢复，确定撤回？",
        Language.EN: "{0}: what is withdrawn stays so. Withdraw it?",
    },
}


def closing_words(language: Language) -> Words:
    """The words of a language."""
    return Words(CLOSING if language is Language.ZH else ENGLISH)


def question(name: str, language: Language, about: str) -> str:
    """A question that is asked before what cannot be undone."""
    return _QUESTIONS[name][language].format(about)
