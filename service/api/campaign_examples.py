"""Answers about campaigns, as the description shows them."""

from __future__ import annotations

from typing import Any

_CAMPAIGN: dict[str, Any] = {
    "id": 7,
    "name": "十一月积分提醒",
    "mode": "preview",
    "state": "running",
    "kinds": ["outreach"],
    "listed": True,
    "priority": 5,
    "groups": ["service"],
    "agents": [],
    "pbx": "main",
    "trunk": "telecom",
    "caller_id": "",
    "ring_seconds": None,
    "notice": False,
    "starts_at": None,
    "deadline_at": "2026-11-30T10:00:00.000+00:00",
    "made_by": "1001",
    "made_at": "2026-11-27T01:00:00.000+00:00",
    "revision": 3,
}
_ATTEMPT: dict[str, Any] = {
    "id": 812,
    "channel_id": "tr-k3v7q2ma-812a",
    "campaign": 7,
    "mode": "preview",
    "phase": "sent",
    "follow_ups": ["5b0c77d0a5a5a1f3c1aa"],
    "customer": "C-1",
    "number": "+8613800138000",
    "agent": "1002",
    "device": "PJSIP/1002",
    "pbx": "main",
    "trunk": "telecom",
    "by": "system",
    "planned_at": "2026-11-27T02:30:00.000+00:00",
    "dial_at": "2026-11-27T02:30:20.000+00:00",
    "committed_at": "2026-11-27T02:30:20.100+00:00",
    "sent_at": "2026-11-27T02:30:20.130+00:00",
    "ended_at": None,
    "result": None,
    "cause": None,
    "evidence": None,
    "call": None,
    "why": None,
    "note": "",
    "revision": 4,
}
_DONE = {"attempt": _ATTEMPT}
_MADE = {"campaign": _CAMPAIGN, "list": {"new": 480, "known": 0, "left_out": {"no_consent": 20}}}
_TURNED = {"campaign": _CAMPAIGN, "list": None}
_PROGRESS = {
    "as_of": "2026-11-27T02:30:21.000+00:00",
    "contacts": {"all": 480, "fulfilled": 96, "closed": 4, "waiting": 371, "reached": 5, "dialling": 4},
    "ready": 352,
    "tried": 181,
    "attempts": 214,
    "phases": {"answered": 118, "not_answered": 90, "sent": 4, "indeterminate": 1, "refused": 1},
    "results": {"talked": 101, "no_answer": 70, "busy": 20, "voicemail": 17},
    "held_back": {"no_agent": 12, "window": 3},
    "connected_rate": 0.485577,
    "answered_rate": 0.567308,
    "attempts_per_contact": 1.18232,
    "talk_seconds": 9120.25,
}
EXAMPLES: dict[str, Any] = {
    "campaigns": {"as_of": "2026-11-27T02:30:21.000+00:00", "campaigns": [_CAMPAIGN]},
    "campaign_create": _MADE,
    "campaign_members": _MADE,
    **dict.fromkeys(
        ("campaign_change", "campaign_start", "campaign_pause", "campaign_resume", "campaign_stop"), _TURNED
    ),
    "campaign": {
        "campaign": _CAMPAIGN,
        "progress": _PROGRESS,
        "forecast": {
            "remaining": 380,
            "per_hour": 52.5,
            "finish_at": "2026-11-28T06:10:00.000+00:00",
            "in_time": True,
        },
        "live": [_ATTEMPT],
        "story": [{"at": "2026-11-27T01:00:00.000+00:00", "what": "made", "by": "1001", "note": ""}],
    },
    "campaign_preview": {
        "as_of": "2026-11-27T02:30:21.000+00:00",
        "campaign": _CAMPAIGN,
        "contacts": 380,
        "ready": 352,
        "why_not": {"rests": 25, "cap": 3},
        "next_at": "2026-11-27T03:00:00.000+00:00",
    },
    "campaign_attempts": {
        "as_of": "2026-11-27T02:30:21.000+00:00",
        "attempts": [_ATTEMPT],
        "next_after": None,
    },
    **dict.fromkeys(("attempt_click", "attempt_dial", "attempt_skip", "attempt_settle"), _DONE),
}
"""By the endpoint's name."""
