"""All tables of all packages: `metadata` knows them once this module is imported. Migrations and backups begin here."""

from __future__ import annotations

import schedulers.notices.models
import schedulers.storage.campaign_models
import schedulers.storage.customer_models
import schedulers.storage.followup_models  # noqa: F401
import service.auth.models
import service.desk.models
import service.destroying.models  # noqa: F401
from analytics.schema import metadata

__all__ = ["metadata"]
