"""The drop-down lists of the review workbook, and what may be written into its cells.

A list refers to cells of another sheet, so that it may be of any length, and finds the candidates
of a row by the row's id, so that the rows can be sorted.
"""

from __future__ import annotations

from typing import Any

from ledgerhq_ext.review._decisions import LEAVE
from ledgerhq_ext.review._workbook_columns import COLUMNS, HEADING, PLACES, Column
from ledgerhq_ext.review._workbook_library import UTILITY, VALIDATION

_CHOICES = ("reconcile", "reclassify", "match", "split", "exclude", LEAVE)
"""The actions for a row that is unreconciled: there is nothing to include again."""


def add_lists(sheet: Any, rows: int, accounts: int, candidates: int) -> None:
    """Add the drop-down lists, and what is said beside the cells."""
    if not rows:
        return
    lists = {"action": f'"{",".join(_CHOICES)}"'}
    if accounts:
        lists["account"] = f"Accounts!$A$2:$A${accounts + 1}"
    if candidates:
        lists["target"] = _candidates_of_row(candidates)
    last = HEADING + rows
    for place, column in enumerate(COLUMNS, 1):
        letter = UTILITY.get_column_letter(place)
        rule = _rule(column, lists.get(column.name, ""))
        rule.add(f"{letter}{HEADING + 1}:{letter}{last}")
        sheet.add_data_validation(rule)


def _candidates_of_row(candidates: int) -> str:
    """Return the formula of the cells with a row's candidates, found by the row's id."""
    id = f"${UTILITY.get_column_letter(PLACES['transaction_id'])}{HEADING + 1}"
    ids = f"Candidates!$A$2:$A${candidates + 1}"
    return f"OFFSET(Candidates!$B$1,MATCH({id},{ids},0),0,COUNTIF({ids},{id}),1)"


def _rule(column: Column, choices: str) -> Any:
    """Return what may be written into a column, and what is said about it."""
    if column.band != "fill":
        return VALIDATION.DataValidation(
            type="custom",
            formula1="FALSE",
            allow_blank=False,
            showErrorMessage=True,
            errorTitle="Do not change",
            error="This cell says which row was reviewed. Fill in the yellow columns.",
        )
    # Codes, and targets that nobody suggests, may be typed.
    return VALIDATION.DataValidation(
        type="list" if choices else None,
        formula1=choices or None,
        allow_blank=True,
        showErrorMessage=column.name == "action",
        errorTitle="Not an action",
        error=f"Choose one of {', '.join(_CHOICES)}, or leave the cell empty.",
        showInputMessage=True,
        promptTitle=column.name,
        prompt=column.hint,
    )
