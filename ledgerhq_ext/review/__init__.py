"""Bank review for people: a table of unreconciled rows, and applying a reviewed file.

    from ledgerhq_ext import review

    table = review.read_table(books)
    print(table.text())
    table.write_decisions("decisions.csv")  # somebody fills in the column "action"
    report = review.apply(books, "decisions.csv")

``async_read_table`` and ``async_apply`` take an ``AsyncOrganization``. ``ReviewTable.workbook`` and
reviewed workbooks need the extra ``[review]``, and ``ReviewTable.html`` needs ``[render]``; the
rest needs only the core.
"""

from ledgerhq_ext.review._applying import Report, Result, async_apply
from ledgerhq_ext.review._blocking import apply, read_table
from ledgerhq_ext.review._candidates import Candidate
from ledgerhq_ext.review._decision_file import DecisionFile
from ledgerhq_ext.review._decisions import ACTIONS, Decision, read_decisions
from ledgerhq_ext.review._reading import async_read_table
from ledgerhq_ext.review._suggestions import Suggestion
from ledgerhq_ext.review._tables import ReviewRow, ReviewTable, table

__all__ = [
    "ACTIONS",
    "Candidate",
    "Decision",
    "DecisionFile",
    "Report",
    "Result",
    "ReviewRow",
    "ReviewTable",
    "Suggestion",
    "apply",
    "async_apply",
    "async_read_table",
    "read_decisions",
    "read_table",
    "table",
]
