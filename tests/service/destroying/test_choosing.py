"""What may be listed for destruction: past its days by the rule of its time, not held, on no other list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.storage.ingest import ingest
from config.policies import PolicyVersion
from config.retention import Retention
from schedulers.customers.records import Customer, Number
from schedulers.storage.customer_writing import Origin, Write, write
from service.destroying import holds
from service.destroying.acts import Act
from service.destroying.errors import DestructionError
from service.destroying.holds import HoldKind
from service.destroying.items import Basis
from tests.analytics import factory
from tests.service.destroying.yard import Yard


def due(yard: Yard) -> list[int]:
    """The files that are past retention now."""
    return [each.file_id for each in yard.deeds.due().candidates]


def test_only_what_is_past_its_days_is_due_the_oldest_first(yard: Yard) -> None:
    """To the end of the hundredth day; a file of no call by its own beginning."""
    young, old, orphan = (
        yard.recording(1, days=120),
        yard.recording(2, days=10),
        yard.recording(3, days=5, call=False),
    )
    assert due(yard) == [orphan, old]
    yard.clock[0] = factory.START + timedelta(days=220)
    assert young not in due(yard)
    yard.clock[0] += timedelta(days=1)
    assert due(yard) == [orphan, old, young]


def test_a_rule_of_a_queue_keeps_its_calls_for_good(yard: Yard) -> None:
    """Though the call stood in another queue first."""
    kept, old = yard.recording(1), yard.recording(2)
    with yard.engine.begin() as connection:
        visits = [
            factory.visit("pbx/1.1", joined=1, left=5),
            factory.visit("pbx/1.1", joined=6, left=9, queue="complaints", id="pbx/1.1/visit2"),
        ]
        ingest(connection, visits)
    assert kept not in due(yard)
    assert due(yard) == [old]


def test_the_rule_in_force_when_the_call_began_speaks(yard: Yard) -> None:
    """A later version that keeps for a day takes nothing of what began before it."""
    before, after = yard.recording(1, days=150), yard.recording(2, days=160)
    later = PolicyVersion(start=factory.START + timedelta(days=155), retention=Retention(days=1))
    yard.policy = replace(yard.policy, versions=(*yard.policy.versions, later))
    assert before not in due(yard)
    assert due(yard) == [after]


def test_a_centre_whose_policy_is_silent_has_nothing_due(yard: Yard) -> None:
    """There is no default."""
    yard.recording(1)
    yard.policy = replace(yard.policy, versions=(PolicyVersion(),))
    assert yard.deeds.due().candidates == ()
    with pytest.raises(DestructionError, match="found no recording that may be listed, expected one or more"):
        yard.deeds.make_due(yard.doer("registrar"))


def test_a_hold_keeps_a_call_a_period_and_a_customer_with_all_his_numbers(yard: Yard) -> None:
    """Each is counted as held; when all are lifted everything is due again."""
    files = [yard.recording(n, days=n, customer=f"1380013800{n}", caller=f"1380013800{n}") for n in range(1, 5)]
    lin = Customer(id="C-1", name="林女士", numbers=(Number(number="+8613800138003", written="138 0013 8003"),))
    origin = Origin(at=factory.START, by="test")
    with yard.engine.begin() as connection:
        write(connection, [Write(before=None, after=lin, origin=origin)])
    who = yard.doer("registrar")
    day = factory.START + timedelta(days=2)
    placed = [
        yard.deeds.place(who, HoldKind.CALL, "a complaint at court", target="pbx/1.1"),
        yard.deeds.place(who, HoldKind.PERIOD, "an audit", start=day, end=day + timedelta(days=1)),
        yard.deeds.place(who, HoldKind.CUSTOMER, "a dispute", target="C-1"),
    ]
    found = yard.deeds.due()
    assert ([each.file_id for each in found.candidates], found.held) == ([files[3]], 3)
    with pytest.raises(DestructionError, match=f"file {files[0]}: found hold {placed[0].id}, expected none"):
        yard.deeds.make_named(who, "asked by the customer", [files[0]])
    for hold in placed:
        yard.deeds.lift(who, hold.id, "settled")
    assert due(yard) == files
    with pytest.raises(DestructionError, match="found one that was lifted, expected one in force"):
        yard.deeds.lift(who, placed[0].id, "again")


@pytest.mark.parametrize(
    ("kind", "more"),
    [(HoldKind.CALL, {"target": "pbx/9.9"}), (HoldKind.CUSTOMER, {"target": "C-9"}), (HoldKind.PERIOD, {})],
)
def test_a_hold_on_nothing_is_refused(yard: Yard, kind: HoldKind, more: dict[str, str]) -> None:
    """A call, a customer or a period that is not there; and a hold without a reason."""
    with pytest.raises(DestructionError, match=f"{kind}: found none"):
        yard.deeds.place(yard.doer("registrar"), kind, "because", **more)  # type: ignore[arg-type]
    with pytest.raises(DestructionError, match="reason: found"):
        yard.deeds.place(yard.doer("registrar"), HoldKind.CALL, "  ", target="pbx/1.1")


def test_a_file_stands_on_one_open_list_and_may_be_listed_again_after_a_drop(yard: Yard) -> None:
    """By hand for a reason, whatever the policy says of its days."""
    young = yard.recording(1, days=199)
    who = yard.doer("registrar")
    made = yard.deeds.make_named(who, "the customer asks for it", calls=["pbx/1.1"])
    assert (made.basis, made.reason, made.files) == (Basis.BY_HAND, "the customer asks for it", 1)
    with pytest.raises(DestructionError, match=f"files: found {young}, expected files that lie in their folder"):
        yard.deeds.make_named(who, "again", [young])
    yard.deeds.act(made.id, Act.DROP, who, "he took it back")
    assert yard.deeds.make_named(who, "again", [young]).files == 1


def test_holds_stay_on_record(yard: Yard) -> None:
    """With who placed and who lifted them, and why."""
    yard.recording(1)
    hold = yard.deeds.place(yard.doer("first"), HoldKind.CALL, "court", target="pbx/1.1")
    yard.deeds.lift(yard.doer("second"), hold.id, "settled")
    with yard.engine.connect() as connection:
        (found,) = holds.listed(connection)
        assert holds.listed(connection, in_force=True) == ()
    assert (found.placed_by, found.lifted_by, found.lift_reason) == ("first", "second", "settled")
