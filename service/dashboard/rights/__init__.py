"""The rooms of accounts: logging in and one's own page, people and their rights, the audit log."""

from service.dashboard.rights.audit import AuditPages
from service.dashboard.rights.entry import EntryPages
from service.dashboard.rights.people import PeoplePages

__all__ = ["AuditPages", "EntryPages", "PeoplePages"]
