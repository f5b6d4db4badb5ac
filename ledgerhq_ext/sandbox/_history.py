"""Six months of business: opening balances, bank rows, bills, and what is still to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from operator import itemgetter

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
    sheet.tables["bankRows"].sort(key=itemgetter("date"))


def _write_opening(sheet: Sheet) -> None:
    opening = [
        ("1010", 2_850_000), ("1020", 1_200_000), ("1300", 640_000), ("1500", 1_800_000),
        ("1590", -450_000), ("2100", -85_000), ("2500", -1_500_000), ("3000", -4_455_000),
    ]  # fmt: skip
    entry = sheet.entry("2024-12-31", "Opening balances", opening, "opening_balance")
    for code, amount in opening:
        if code in ("1010", "1020", "2100"):
            _reconciled(sheet, code, "2024-12-31", "Opening balance", amount, entry, None)
    for day, sales in (("2025-03-31", 9_400_000), ("2025-11-30", 9_900_000)):
        lines = [
            ("1010", 620_000),
            ("4000", -sales),
            ("5000", 3_900_000),
            ("6000", sales - 4_520_000),
        ]
        entry = sheet.entry(day, "Summary of earlier months", lines, "opening_balance")
        _reconciled(sheet, "1010", day, "Net of earlier months", 620_000, entry, None)


def _write_month(sheet: Sheet, month: int) -> None:
    def day(number: int) -> str:
        """Return a day of the month."""
        return f"2026-{month:02}-{number:02}"

    amount = sheet.random.randrange
    _paid(sheet, "1010", day(1), "ACH CORNER REAL ESTATE RENT", -260_000, [("6300", 260_000)])
    wages = amount(380_000, 420_000)
    taxes = amount(30_000, 36_000)
    lines = [("6000", wages), ("6050", taxes)]
    _paid(sheet, "1010", day(15), "PAYROLL DIRECT DEPOSIT", -(wages + taxes), lines)
    power = amount(24_000, 36_000)
    _paid(sheet, "1010", day(20), "CITY POWER & WATER AUTOPAY", -power, [("6400", power)])
    _paid(sheet, "1010", day(28), "MONTHLY SERVICE FEE", -1_500, [("6700", 1_500)])
    interest = amount(900, 1_800)
    _paid(sheet, "1020", day(28), "INTEREST PAYMENT", interest, [("4900", -interest)])
    _write_transfers(sheet, day, amount)

    for number in (3, 6, 9, 12, 16, 19, 23, 26, 28):
        sales = amount(90_000, 210_000)
        # The amount includes sales tax of 8 %.
        tax = sales * 8 // 108
        lines = [("4000", tax - sales), ("2200", -tax)]
        _paid(sheet, "1010", day(number), sheet.random.choice(_SALES), sales, lines)

    for number in (2, 5, 8, 11, 14, 17, 21, 24, 27):
        text, code, least, most = sheet.random.choice(_CARD)
        cost = amount(least, most)
        _paid(sheet, "2100", day(number), text, -cost, [(code, cost)])


def _write_transfers(
    sheet: Sheet, day: Callable[[int], str], amount: Callable[[int, int], int]
) -> None:
    # Both figures are drawn in every month: figures of later rows follow from how many were drawn.
    savings = amount(40_000, 60_000)
    card_debt = amount(80_000, 120_000)
    transfers = (
        (day(10), "SAVINGS", savings, "1020"),
        (day(22), "CARD", card_debt, "2100"),
    )
    for when, name, total, target in transfers:
        if when > _RECONCILED_THROUGH:
            continue
        entry = sheet.entry(
            when, f"Transfer to {name.lower()}", [(target, total), ("1010", -total)]
        )
        _reconciled(sheet, "1010", when, f"ONLINE TRANSFER TO {name}", -total, entry, None)
        _reconciled(sheet, target, when, "ONLINE TRANSFER FROM CHECKING", total, entry, None)


def _paid(
    sheet: Sheet, code: str, day: str, text: str, amount: int, lines: list[tuple[str, int]]
) -> None:
    """Write a row: reconciled if old, else booked by rule, or not booked at all yet."""
    if day > _LAST_DAY.isoformat():
        return

    # Over several accounts a row has no account of its own.
    account = sheet.id("accounts", lines[0][0]) if len(lines) == 1 else None
    is_booked = day <= "2026-05-31" or sheet.random.random() < 0.4
    if not is_booked:
        is_pending = int(day >= "2026-06-28")
        sheet.row(code, day, text, amount, pending=is_pending, payee=text.title())
        return

    entry = sheet.entry(day, text.title(), [(code, amount), *lines])
    if day <= _RECONCILED_THROUGH:
        _reconciled(sheet, code, day, text, amount, entry, account)
    else:
        sheet.row(
            code, day, text, amount, journalEntryId=entry, accountId=account, payee=text.title()
        )


def _reconciled(
    sheet: Sheet, code: str, day: str, text: str, amount: int, entry: str, account: str | None
) -> None:
    row = {"status": "reconciled", "journalEntryId": entry, "accountId": account}
    sheet.row(code, day, text, amount, **row, reconciliationId=sheet.id("reconciliations", code))


def _write_documents(sheet: Sheet) -> None:
    names = [contact[0] for contact in CONTACTS]
    for number, name, code, total, issued, due, status in (*BILLS, *INVOICES):
        kind = "bill" if number.startswith("BILL") else "invoice"
        payment = _payment(status, total)
        document = sheet.add(
            "documents",
            number,
            kind=kind,
            number=number,
            status=status,
            total=total,
            amountPaid=payment,
            issueDate=issued,
            dueDate=due,
            createdAt=issued + "T11:00:00.000Z",
            contactId=sheet.id("contacts", str(names.index(name))),
            currencyCode=sheet.currency,
        )
        if status in ("draft", "void"):
            continue

        lines = [(code, total), ("2000", -total)]
        if kind == "invoice":
            lines = [(code, -total), ("1100", total)]
        sheet.entry(issued, f"{number} {name}", lines, kind)
        if payment:
            _write_payment(sheet, document, number, name, payment, due)


def _payment(status: str, total: int) -> int:
    if status == "paid":
        return total
    # Any amount will do that leaves the greater part due.
    return total // 3 if status == "partial" else 0


def _write_payment(
    sheet: Sheet, document: str, number: str, name: str, amount: int, day: str
) -> None:
    """Write a payment that is booked; its bank row has come in, and waits to be matched with it."""
    lines = [("2000", amount), ("1010", -amount)]
    entry = sheet.entry(day, f"Payment of {number}", lines, "bill_payment")
    earlier = len(sheet.tables.get("payments", ()))
    sheet.add(
        "payments",
        number,
        paymentNumber=f"PAY-{1001 + earlier}",
        documentId=document,
        amount=amount,
        date=day,
        method="ach",
        journalEntryId=entry,
    )
    sheet.row("1010", day, f"ACH {name.upper()}", -amount, payee=name)


def _write_loose_ends(sheet: Sheet) -> None:
    """Write rows that fit an entry, bills, or invoices, and one that is a duplicate."""
    contribution = [("1010", 250_000), ("3000", -250_000)]
    sheet.entry("2026-06-02", "Owner contribution", contribution, "manual")
    sheet.row("1010", "2026-06-02", "WIRE IN OWNER", 250_000)
    depreciation = [("6600", 90_000), ("1590", -90_000)]
    sheet.entry("2026-06-30", "Depreciation, first half-year", depreciation, "manual")

    totals = {number: total for number, _, _, total, *_ in (*BILLS, *INVOICES)}
    sheet.row("1010", "2026-06-04", "ACH METRO PARTS", -totals["BILL-1003"], payee="Metro Parts")
    two_bills = totals["BILL-1006"] + totals["BILL-1007"]
    sheet.row("1010", "2026-06-19", "BATCH PAYMENT SUPPLIERS", -two_bills)
    invoice = totals["INV-2001"]
    sheet.row("1010", "2026-06-11", "ACH IN EASTSIDE EVENTS", invoice, payee="Eastside Events")
    two_invoices = totals["INV-2002"] + totals["INV-2003"]
    sheet.row("1010", "2026-06-24", "BATCH DEPOSIT CUSTOMERS", two_invoices)

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
