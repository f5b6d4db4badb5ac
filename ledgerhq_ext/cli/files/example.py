"""A file to try `ledgerhq post` with: a month of a till, for the books of a sandbox."""

from __future__ import annotations

import datetime as dt

_COLUMNS = "id,company,kind,date,payee,bank,account,from,to,amount,memo"
_ROWS = (
    ("03", "deposit", "Card sales", "1010", "4000", "", "", "1842.50", "Till close"),
    ("05", "purchase", "Office Depot", "2100", "6100", "", "", "42.99", "Paper and toner"),
    ("12", "purchase", "Corner Real Estate", "1010", "6300", "", "", "2600.00", "Rent"),
    ("20", "transfer", "", "", "", "1010", "1020", "500.00", "To savings"),
    ("24", "deposit", "Card sales", "1010", "4000", "", "", "2310.75", "Till close"),
)
"""Day, kind, payee, bank, account, from, to, amount, memo."""


def example_table(today: dt.date) -> str:
    """Return a CSV file with transactions of the month before a day."""
    month = f"{today.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    lines = [_COLUMNS]
    for number, (day, kind, *cells) in enumerate(_ROWS, 1):
        # The month is part of the id: the file of the next month holds other transactions.
        id = f"till-{month}-{number:03}"
        lines.append(",".join([id, "Maple Street Coffee", kind, f"{month}-{day}", *cells]))
    return "\n".join(lines)
