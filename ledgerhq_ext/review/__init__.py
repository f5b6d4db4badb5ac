"""Bank review for people: a table of what is unreconciled, and a reviewed file carried out.

    from ledgerhq_ext import review

    table = review.table(books.bank_transactions())
    print(table.text())
    table.write_decisions("decisions.csv")  # somebody fills in the column "action"
    report = review.apply(books, "decisions.csv")

``ReviewTable.html`` needs the extra ``[render]``; the rest needs nothing beside the core.
"""

from ledgerhq_ext.review._applying import Report, Result, async_apply
from ledgerhq_ext.review._blocking import apply
from ledgerhq_ext.review._decisions import ACTIONS, Decision, read_decisions
from ledgerhq_ext.review._suggestions import Suggestion
from ledgerhq_ext.review._tables import ReviewRow, ReviewTable, table

__all__ = [
    "ACTIONS",
    "Decision",
    "Report",
    "Result",
    "ReviewRow",
    "ReviewTable",
    "Suggestion",
    "apply",
    "async_apply",
    "read_decisions",
    "table",
]
