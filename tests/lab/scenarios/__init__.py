"""Scenarios by theme; each module registers its functions with ``@scenario`` (registry.py)."""

from importlib import import_module

MODULES = (
    "direct",
    "queues",
    "transfers",
    "consultations",
    "in_call",
    "menus",
    "outgoing",
    "placed",
    "dialling",
    "control",
    "freepbx",
    "pickup",
    "parking",
    "forwarding",
    "conferences",
    "supervision",
    "callers",
    "members",
    "recordings",
)


def load() -> None:
    """Import every module, in this order, so that its scenarios are registered."""
    for name in MODULES:
        import_module(f"{__name__}.{name}")


__all__ = ["MODULES", "load"]
