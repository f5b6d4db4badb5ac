"""Bank review for people: a table of what is unreconciled, and a reviewed file carried out.

    from ledgerhq_ext import review

    table = review.table(books.bank_transactions())
    print(table.text())
    table.write_decisions("decisions.csv")     # somebody fills in the column "action"
    report = review.apply(books, "decisions.csv")

``ReviewTable.html`` needs the extra ``render``; the rest needs nothing.
"""

from ledgerhq_ext.review.applying import Report, Result, apply
from ledgerhq_ext.review.decisions import ACTIONS, Decision, read_decisions
from ledgerhq_ext.review.suggestions import Suggestion
from ledgerhq_ext.review.tables import ReviewRow, ReviewTable, table

__all__ = [
    "ACTIONS",
    "Decision",
    "Report",
    "Result",
    "ReviewRow",
    "ReviewTable",
    "Suggestion",
    "apply",
    "read_decisions",
    "table",
]
