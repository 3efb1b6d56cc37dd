"""All tables of the store, wherever they are described: `metadata` knows them once this module is imported."""

from __future__ import annotations

import analytics.closing.models
import analytics.people.models
import analytics.quality.models
import analytics.storage.recording_models
import analytics.storage.rollup_models  # noqa: F401  (they register themselves in `metadata`)
from analytics.storage.models import metadata

__all__ = ["metadata"]
