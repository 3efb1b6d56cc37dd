"""Prints how the PBX's logs agree with the phones: by field, and for each scenario of a hand-over.

python -m tests.telephony.pbxlogs.evidence > docs/evidence-logs.md
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.lab.compare import Comparison, compare, load_truth
from tests.telephony.calls.streams import calls_of, events_of, stream_of, track
from tests.telephony.pbxlogs.captured import ALL, comparison_of
from tests.telephony.pbxlogs.test_captures import LACKS, LATEST, is_lacking, table_of_agreement

HANDED_ON = ("transfer_", "pickup_", "park_", "forward_", "conference_", "three_way", "click_to_call", "campaign_")
HANDED_ON += ("consultation", "ami_redirect", "internal_call_transferred", "outbound_call_transferred", "originate")
HANDED_ON += ("fpbx_queue_to_queue", "fpbx_queue_to_outside", "supervisor_", "line_forwarded")


def right_in(told: Iterable[Comparison], *, lacks: bool) -> dict[str, tuple[int, int]]:
    """By scenario, how many of its calls are right and how many there are. `lacks`: what no log holds is forgiven."""
    found: dict[str, tuple[int, int]] = {}
    for comparison in told:
        for pair in comparison.pairs:
            name = pair.truth["scenario"]
            wrong = [each for each in pair.differences if not (lacks and is_lacking(name, each.field))]
            right, total = found.get(name, (0, 0))
            found[name] = (right + (not wrong), total + 1)
    return found


def from_streams() -> list[Comparison]:
    """The streams' own records beside the phones."""
    return [compare(calls_of(track(events_of(stream_of(folder)))), load_truth(folder)) for folder in LATEST]


def main() -> None:
    """Print the page."""
    print("# Evidence: the PBX's own logs\n")
    print("Made by `python -m tests.telephony.pbxlogs.evidence`; the tests of `tests/telephony/pbxlogs` hold it.\n")
    names = ", ".join(folder.name for folder in LATEST)
    print(
        f"Calls of the captured runs {names} told from their logs alone, beside the truth measured at the phones."
    )
    print(
        "Instants and seconds within 1.2 s (CDR, queue_log and FreePBX's CEL have whole seconds); hold is in no log.\n"
    )
    print("\n".join(table_of_agreement()))
    print("\n## What no log holds\n")
    for why, fields, scenarios in LACKS:
        print(f"- {why}: {', '.join(sorted(fields))} of {', '.join(f'`{name}…`' for name in scenarios)}")
    print("\n## Hand-overs\n")
    print(
        "Calls that are right in every field, of those in the four runs: from the stream, and from the logs alone"
    )
    print("(forgiven only what no log holds).\n")
    print("| scenario | stream | CEL + CDR + queue_log |\n| --- | --- | --- |")
    stream = right_in(from_streams(), lacks=False)
    logs = right_in((comparison_of(folder, ALL) for folder in LATEST), lacks=True)
    for name in stream:
        if name.startswith(HANDED_ON):
            print(f"| {name} | {stream[name][0]} of {stream[name][1]} | {logs[name][0]} of {logs[name][1]} |")


if __name__ == "__main__":
    main()
