"""An answer of each kind, as the description shows it; a test holds each against its schema."""

from __future__ import annotations

from typing import Any

_CALL: dict[str, Any] = {
    "call_id": "main/1795294482.32",
    "alias_ids": [],
    "linkedid": "1795294482.32",
    "pbx": "main",
    "known": "observed",
    "direction": "inbound",
    "caller": "13800138000",
    "caller_name": None,
    "called": "4001234567",
    "did": "4001234567",
    "customer": "13800138000",
    "customer_e164": "+8613800138000",
    "customer_withheld": False,
    "line": None,
    "service_code": None,
    "started_at": "2026-11-21T20:54:42.983+00:00",
    "picked_up_at": "2026-11-21T20:54:43.010+00:00",
    "answered_at": "2026-11-21T20:54:46.026+00:00",
    "ended_at": "2026-11-21T20:54:50.036+00:00",
    "answered": True,
    "disposition": "answered",
    "ended_by": "customer",
    "cause": 16,
    "queue_visits": [
        {
            "queue": "sales",
            "joined_at": "2026-11-21T20:54:43.015+00:00",
            "left_at": "2026-11-21T20:54:46.026+00:00",
            "wait_seconds": 3.011,
            "ended": "answered",
        }
    ],
    "offerings": [
        {
            "agent": "1004",
            "interface": "PJSIP/1004",
            "device": "PJSIP/1004",
            "source": "queue",
            "at": "2026-11-21T20:54:43.016+00:00",
            "ring_from": "ringing",
            "ring_seconds": 3.005,
            "outcome": "answered",
            "consult": False,
        }
    ],
    "talks": [
        {
            "agent": "1004",
            "interface": "PJSIP/1004",
            "device": "PJSIP/1004",
            "kind": "customer",
            "from": "2026-11-21T20:54:46.026+00:00",
            "to": "2026-11-21T20:54:50.036+00:00",
            "talk_seconds": 4.01,
            "hold_seconds": 0.0,
            "with": ["13800138000"],
        }
    ],
    "transfers": [],
    "ivr": [],
    "recordings": [],
    "attempt_id": None,
    "claimed": [],
}
_QUESTION = {
    "metrics": ["talk_minutes", "three_ring_rate"],
    "period": {
        "label": "2026-11",
        "from": "2026-10-31T16:00:00.000+00:00",
        "to": "2026-11-30T16:00:00.000+00:00",
        "zone": "Asia/Shanghai",
    },
    "as_of": "2026-11-21T21:00:00.000+00:00",
    "group": ["agent"],
    "where": {"queue": ["sales"]},
    "rings": None,
    "within_seconds": None,
    "formula": None,
    "across": None,
}
_ANSWERED = {
    "query": _QUESTION,
    "policy": {"name": "default", "digest": "0f3c9a6f1d2b4e58"},
    "warnings": ["the period was not over: counted up to 2026-11-21T21:00:00+00:00"],
}

EXAMPLES: dict[str, Any] = {
    "call": _CALL,
    "calls": {"period": "2026-11-21", "calls": [_CALL], "next_after": None},
    "query": {
        **_ANSWERED,
        "service_level": "answered_less_short",
        "titles": {
            "agent": "Agent",
            "talk_minutes": "phone minutes",
            "three_ring_rate": "three-ring rate (agent view)",
        },
        "rows": [{"key": {"agent": "1004"}, "values": {"talk_minutes": 0.0668, "three_ring_rate": 1.0}}],
    },
    "query_calls": {
        **_ANSWERED,
        "metric": "talk_minutes",
        "key": {"agent": "1004"},
        "figure": {"value": 0.0668, "exact": 4010},
        "parts": {"calls": 1, "exact": 4010},
        "calls": [{"value": 0.0668, "exact": 4010, "call": _CALL}],
        "next_after": None,
    },
    "summary": {
        "period": "2026-11-21",
        "as_of": "2026-11-21T21:00:00.000+00:00",
        "calls": 1,
        "direction": {"inbound": 1},
        "disposition": {"answered": 1},
        "known": {"observed": 1},
        "agents": [{"agent": "1004", "talk_minutes": 0.0668, "offered": 1, "within": 1, "rate": 1.0}],
        "warnings": [],
    },
    "report": {
        "report": "minutes",
        "period": "2026-11",
        "as_of": "2026-11-21T21:00:00.000+00:00",
        "rows": [
            {
                "agent": "1004",
                "name": "王娜",
                "tier": None,
                "talk_minutes": 0.0668,
                "hold_minutes": 0.0,
                "calls": 1,
                "quota_floor": None,
                "quota_target": None,
                "quota_short": None,
            }
        ],
        "warnings": [],
    },
    "gaps": {
        "gaps": [
            {
                "pbx": "main",
                "from": "2026-11-21T20:54:44.000+00:00",
                "to": "2026-11-21T20:54:52.000+00:00",
                "seconds": 8.0,
                "why": "lost",
                "detail": "closed",
                "pbx_booted_at": None,
                "calls_touched": 1,
                "known": {"observed": 0, "repaired": 1, "inferred": 0},
                "unknown": [],
                "repaired_at": "2026-11-21T20:55:30.000+00:00",
                "sources": ["cel"],
            }
        ]
    },
    "agents_live": {
        "as_of": "2026-11-21T21:00:00.000+00:00",
        "agents": [
            {
                "agent": "1004",
                "interface": "PJSIP/1004",
                "state": "available",
                "since": "2026-11-21T20:54:50.036+00:00",
                "reason": None,
                "queues": ["sales"],
            }
        ],
        "calls": [],
    },
}
"""By the endpoint's name."""
