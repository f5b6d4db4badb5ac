"""A plain page of a packet: tables of the statements, every name and memo escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ledgerhq_ext import FinancialPacket, format_cents

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1f2b; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem }
caption { font-size: 1.15rem; font-weight: 600; text-align: left; padding: .5rem 0 }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #dfe3ea }
td.money, th.money { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tr.total td { font-weight: 600; border-top: 2px solid #1a1f2b }
.problem { background: #b3261e; color: #fff; padding: .75rem 1rem }
"""

Row = tuple[str, ...]


class Total(tuple[str, ...]):
    """A row that sums up the ones above it."""

    __slots__ = ()


def render(packet: FinancialPacket) -> str:
    """The packet as one HTML document without scripts or links."""
    name, period = escape(packet.organization.name), packet.period
    problems = "".join(f'<p class="problem">{escape(str(problem))}</p>' for problem in packet.problems())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}: financial packet</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{name}</h1><p>Financial packet, {period.start_date} to {period.end_date}, "
        f"in {escape(packet.organization.default_currency)}</p>{problems}{''.join(_tables(packet))}</body></html>\n"
    )


def _tables(packet: FinancialPacket) -> Iterable[str]:
    def money(cents: int) -> str:
        return format_cents(cents, packet.organization.default_currency).rpartition(" ")[0]

    if result := packet.profit_and_loss:
        rows: list[Row] = [(line.account_name, money(line.balance)) for line in result.revenue]
        rows.append(Total(("Total revenue", money(result.total_revenue))))
        rows += [(line.account_name, money(line.balance)) for line in result.expenses]
        rows.append(Total(("Total expenses", money(result.total_expenses))))
        rows.append(Total(("Net income", money(result.net_income))))
        yield _table("Profit and loss", ("Account", "Amount"), rows)
    if sheet := packet.balance_sheet:
        rows = []
        for title, section in (("assets", sheet.assets), ("liabilities", sheet.liabilities), ("equity", sheet.equity)):
            rows += [(line.account_name, money(line.balance)) for line in section.accounts]
            rows.append(Total((f"Total {title}", money(section.total))))
        yield _table("Balance sheet", ("Account", "Amount"), rows)
    if trial := packet.trial_balance:
        lines = [(f"{a.code} {a.name}", money(a.debit_balance), money(a.credit_balance)) for a in trial.accounts]
        total = Total(("Total", money(trial.total_debits), money(trial.total_credits)))
        yield _table("Trial balance", ("Account", "Debit", "Credit"), [*lines, total])
    if status := packet.bank_reconciliation_status:
        open_rows = [
            (account.account_name, str(account.unreconciled.count), money(account.unreconciled.total))
            for account in status.accounts
        ]
        yield _table("Bank reconciliation", ("Account", "Unreconciled rows", "Sum"), open_rows)
    if ledger := packet.general_ledger:
        entries = [
            (
                f"{line.date} #{line.entry_number} {line.account_code} {line.description or ''}",
                money(line.debit),
                money(line.credit),
                money(line.running_balance),
            )
            for line in ledger.lines
        ]
        yield _table("General ledger", ("Line", "Debit", "Credit", "Balance"), entries)


def _table(caption: str, heads: Row, rows: Iterable[Row]) -> str:
    head = "".join(_cell("th", at, text, ' scope="col"') for at, text in enumerate(heads))
    body = "".join(_row(row) for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Row) -> str:
    cells = "".join(_cell("td", at, text) for at, text in enumerate(row))
    return f"<tr{' class=total' if isinstance(row, Total) else ''}>{cells}</tr>"


def _cell(tag: str, at: int, text: str, more: str = "") -> str:
    return f"<{tag}{more}{' class=money' if at else ''}>{escape(text)}</{tag}>"
