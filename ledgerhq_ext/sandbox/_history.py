"""Six months of business: opening balances, bank rows, bills, and what is still to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from ledgerhq_ext.sandbox._companies import BILLS, CONTACTS, INVOICES
from ledgerhq_ext.sandbox._sheet import Sheet

_RECONCILED_THROUGH = "2026-04-30"
_LAST_DAY = date(2026, 6, 29)
_SALES = ("CARD SETTLEMENT", "STRIPE TRANSFER", "CASH DEPOSIT BRANCH 12")
_CARD = (
    ("OFFICE DEPOT #42", "6100", 1500, 9000),
    ("CLOUDBOX SUBSCRIPTION", "6500", 1900, 4900),
    ("DELTA TRAVEL WEB", "6200", 9000, 48000),
    ("METRO PARTS", "5000", 4000, 30000),
    ("CORNER CAFE", "6900", 700, 3500),
)


def write_history(sheet: Sheet) -> None:
    """Fill the sheet."""
    _write_opening(sheet)
    for month in range(1, 7):
        _write_month(sheet, month)
    _write_documents(sheet)
    _write_loose_ends(sheet)
    _write_reconciliation(sheet)
    # The register is shown newest first, ties by the order of writing.
    sheet.tables["bankRows"].sort(key=lambda row: row["date"])


def _write_opening(sheet: Sheet) -> None:
    opening = [
        ("1010", 2_850_000), ("1020", 1_200_000), ("1300", 640_000), ("1500", 1_800_000), ("1590", -450_000),
        ("2100", -85_000), ("2500", -1_500_000), ("3000", -4_455_000),
    ]  # fmt: skip
    entry = sheet.entry("2024-12-31", "Opening balances", opening, "opening_balance")
    for code, amount in opening:
        if code in ("1010", "1020", "2100"):
            _reconciled(sheet, code, "2024-12-31", "Opening balance", amount, entry, None)
    for day, sales in (("2025-03-31", 9_400_000), ("2025-11-30", 9_900_000)):
        lines = [("1010", 620_000), ("4000", -sales), ("5000", 3_900_000), ("6000", sales - 4_520_000)]
        entry = sheet.entry(day, "Summary of earlier months", lines, "opening_balance")
        _reconciled(sheet, "1010", day, "Net of earlier months", 620_000, entry, None)


def _write_month(sheet: Sheet, month: int) -> None:
    def day(number: int) -> str:
        return f"2026-{month:02}-{number:02}"

    amount = sheet.random.randrange
    _paid(sheet, "1010", day(1), "ACH CORNER REAL ESTATE RENT", -260_000, [("6300", 260_000)])
    wages, taxes = amount(380_000, 420_000), amount(30_000, 36_000)
    lines = [("6000", wages), ("6050", taxes)]
    _paid(sheet, "1010", day(15), "PAYROLL DIRECT DEPOSIT", -(wages + taxes), lines)
    power = amount(24_000, 36_000)
    _paid(sheet, "1010", day(20), "CITY POWER & WATER AUTOPAY", -power, [("6400", power)])
    _paid(sheet, "1010", day(28), "MONTHLY SERVICE FEE", -1_500, [("6700", 1_500)])
    interest = amount(900, 1_800)
    _paid(sheet, "1020", day(28), "INTEREST PAYMENT", interest, [("4900", -interest)])
    _write_transfers(sheet, day, amount)
    for number in (3, 6, 9, 12, 16, 19, 23, 26, 28):
        taken = amount(90_000, 210_000)
        tax = taken * 8 // 108
        lines = [("4000", tax - taken), ("2200", -tax)]
        _paid(sheet, "1010", day(number), sheet.random.choice(_SALES), taken, lines)
    for number in (2, 5, 8, 11, 14, 17, 21, 24, 27):
        text, code, least, most = sheet.random.choice(_CARD)
        spent = amount(least, most)
        _paid(sheet, "2100", day(number), text, -spent, [(code, spent)])


def _write_transfers(sheet: Sheet, day: Callable[[int], str], amount: Callable[[int, int], int]) -> None:
    saved, settled = amount(40_000, 60_000), amount(80_000, 120_000)
    for number, text, sent, target in ((10, "SAVINGS", saved, "1020"), (22, "CARD", settled, "2100")):
        when = day(number)
        if when > _RECONCILED_THROUGH:
            continue
        entry = sheet.entry(when, f"Transfer to {text.lower()}", [(target, sent), ("1010", -sent)])
        _reconciled(sheet, "1010", when, f"ONLINE TRANSFER TO {text}", -sent, entry, None)
        _reconciled(sheet, target, when, "ONLINE TRANSFER FROM CHECKING", sent, entry, None)


def _paid(sheet: Sheet, code: str, day: str, text: str, amount: int, lines: list[tuple[str, int]]) -> None:
    """A row: reconciled if old, else booked by rule, or not booked at all yet."""
    if day > _LAST_DAY.isoformat():
        return
    account = sheet.id("accounts", lines[0][0]) if len(lines) == 1 else None
    booked = day <= "2026-05-31" or sheet.random.random() < 0.4
    if not booked:
        sheet.row(code, day, text, amount, pending=int(day >= "2026-06-28"), payee=text.title())
        return
    entry = sheet.entry(day, text.title(), [(code, amount), *lines])
    if day <= _RECONCILED_THROUGH:
        _reconciled(sheet, code, day, text, amount, entry, account)
    else:
        sheet.row(code, day, text, amount, journalEntryId=entry, accountId=account, payee=text.title())


def _reconciled(sheet: Sheet, code: str, day: str, text: str, amount: int, entry: str, account: str | None) -> None:
    row = {"status": "reconciled", "journalEntryId": entry, "accountId": account}
    sheet.row(code, day, text, amount, **row, reconciliationId=sheet.id("reconciliations", code))


def _write_documents(sheet: Sheet) -> None:
    names = [contact[0] for contact in CONTACTS]
    for number, name, code, total, issued, due, status in (*BILLS, *INVOICES):
        kind = "bill" if number.startswith("BILL") else "invoice"
        paid = total if status == "paid" else total // 3 if status == "partial" else 0
        own = {"kind": kind, "number": number, "status": status, "total": total, "amountPaid": paid}
        dates = {"issueDate": issued, "dueDate": due, "createdAt": issued + "T11:00:00.000Z"}
        contact = sheet.id("contacts", str(names.index(name)))
        document = sheet.add("documents", number, **own, **dates, contactId=contact, currencyCode=sheet.currency)
        if status in ("draft", "void"):
            continue
        control, sign = ("2000", 1) if kind == "bill" else ("1100", -1)
        sheet.entry(issued, f"{number} {name}", [(code, sign * total), (control, -sign * total)], kind)
        if paid:
            _write_payment(sheet, document, number, name, paid, due)


def _write_payment(sheet: Sheet, document: str, number: str, name: str, paid: int, day: str) -> None:
    """A payment that is booked; its bank row has come in, and waits to be matched with it."""
    entry = sheet.entry(day, f"Payment of {number}", [("2000", paid), ("1010", -paid)], "bill_payment")
    own = {"paymentNumber": f"PAY-{1001 + len(sheet.tables.get('payments', ()))}", "documentId": document}
    sheet.add("payments", number, **own, amount=paid, date=day, method="ach", journalEntryId=entry)
    sheet.row("1010", day, f"ACH {name.upper()}", -paid, payee=name)


def _write_loose_ends(sheet: Sheet) -> None:
    """Rows that fit an entry, one or two bills, one or two invoices; and one that is a duplicate."""
    sheet.entry("2026-06-02", "Owner contribution", [("1010", 250_000), ("3000", -250_000)], "manual")
    sheet.row("1010", "2026-06-02", "WIRE IN OWNER", 250_000)
    sheet.entry("2026-06-30", "Depreciation, first half-year", [("6600", 90_000), ("1590", -90_000)], "manual")
    totals = {number: total for number, _, _, total, *_ in (*BILLS, *INVOICES)}
    sheet.row("1010", "2026-06-04", "ACH METRO PARTS", -totals["BILL-1003"], payee="Metro Parts")
    both = totals["BILL-1006"] + totals["BILL-1007"]
    sheet.row("1010", "2026-06-19", "BATCH PAYMENT SUPPLIERS", -both)
    sheet.row("1010", "2026-06-11", "ACH IN EASTSIDE EVENTS", totals["INV-2001"], payee="Eastside Events")
    two = totals["INV-2002"] + totals["INV-2003"]
    sheet.row("1010", "2026-06-24", "BATCH DEPOSIT CUSTOMERS", two)
    sheet.row("2100", "2026-06-25", "WHOLESALE CLUB", -23_940, payee="Wholesale Club")
    for _ in range(2):
        sheet.row("2100", "2026-06-26", "CLOUDBOX SUBSCRIPTION", -2_900, payee="Cloudbox")
    day = (_LAST_DAY - timedelta(days=26)).isoformat()
    sheet.row("2100", day, "CORNER CAFE DUPLICATE", -1_150, status="excluded")


def _write_reconciliation(sheet: Sheet) -> None:
    for code in ("1010", "1020", "2100"):
        bank = sheet.id("bankAccounts", code)
        dates = {"endDate": _RECONCILED_THROUGH, "completedAt": "2026-05-04T15:20:00.000Z"}
        sheet.add("reconciliations", code, **dates, bankAccountId=bank)
