"""Files in one condition are looked at again where they lie: a right may have been given, a disk mended."""

from __future__ import annotations

from collections.abc import Collection

from analytics.recordings.conditions import FileCondition
from analytics.storage.recording_finding import in_condition
from service.recordings.finding import Finder
from service.recordings.taking import take_in
from service.recordings.walking import look


def look_again(finder: Finder, condition: FileCondition, file_ids: Collection[int] | None = None) -> int:
    """Take files in this condition in anew, these or all of them; how many lay there."""
    count = 0
    for pbx, root in sorted(finder.roots.items()):
        after = 0
        while True:
            with finder.reading.connect() as connection:
                files = in_condition(connection, pbx, condition, after)
            if not files:
                break
            after = files[-1].id
            wanted = [each.path for each in files if file_ids is None or each.id in file_ids]
            looks = [seen for path in wanted if (seen := look(root, pbx, path)) is not None]
            with finder.writing.begin() as connection:
                take_in(connection, pbx, looks, finder.now(), archive=True)
            count += len(looks)
    return count
