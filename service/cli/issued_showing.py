"""How issued reports and difference sheets are printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analytics.closing import shapes
from analytics.closing.difference import Sheet
from analytics.closing.issues import Frozen
from analytics.closing.records import Issue
from analytics.closing.spreadsheet import in_zone
from service.cli.output import print_csv, print_json, print_json_lines, print_line, print_table
from service.cli.words import Words

LISTED = ("id", "report", "period", "groups", "number", "issued_at", "issued_by", "as_of", "signed_by")


def show_list(found: Iterable[Issue], word: Words, json: bool, csv: bool = False) -> None:
    """Issued reports, a row each."""
    rows = [shapes.issue_json(each) for each in found]
    if json:
        print_json_lines(rows)
        return
    joined = [row | {"groups": "+".join(row["groups"]), "warnings": " ".join(row["warnings"])} for row in rows]
    if csv:
        print_csv(list(rows[0]) if rows else LISTED, joined)
        return
    for row in joined:
        row |= {name: row[name] and in_zone(row[name], row["zone"]) for name in ("issued_at", "as_of")}
    cells = [[row[name] for name in LISTED] for row in joined]
    print_table(None, [word.get(name) for name in LISTED], cells, numbers=[0, 4])


def show_issue(frozen: Frozen, word: Words, json: bool, csv: bool) -> None:
    """One issued report with its figures."""
    if json:
        print_json(shapes.frozen_json(frozen))
        return
    figures = frozen.figures
    rows = shapes.rows_json(figures)
    if csv:
        print_csv(figures.columns, rows)
        return
    show_list([frozen.issue], word, json=False)
    heads = [word.get(name) for name in figures.columns]
    print_table(None, heads, (row.values() for row in rows), numbers=range(1, len(heads)))  # type: ignore[misc]
    for warning in figures.warnings:
        print_line(f"! {warning}")


def show_difference(told: dict[str, Any], sheet: Sheet, word: Words, json: bool, csv: bool) -> None:
    """A difference sheet; `told` is it in the public shape."""
    if json:
        print_json(told)
        return
    heads = ("change", *sheet.keys, "column", "before", "after", "difference")
    rows = [row | row["key"] for row in told["rows"]]
    if csv:
        print_csv(heads, rows)
        return
    shown = [
        [word.get(row["change"]), *(row[name] for name in sheet.keys), word.get(row["column"]), *_sides(row)]
        for row in rows
    ]
    right = range(len(heads) - 3, len(heads))
    if shown:
        print_table(None, [word.get(name) for name in heads], shown, numbers=right)
    else:
        print_line(word.get("no_difference"))
    if sheet.policy_changed:
        print_line(f"! {word.get('policy_changed')}")
    for name in ("warnings_gone", "warnings_new"):
        for warning in told[name]:
            print_line(f"! {word.get(name)}: {warning}")


def _sides(row: dict[str, Any]) -> list[Any]:
    return [row[name] for name in ("before", "after", "difference")]
