"""The review table as a page, in the looks of a packet. Needs the extra ``render``."""

from __future__ import annotations

from attrs import frozen

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render import Options
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_page import page as rendered
from ledgerhq_ext.review._tables import LISTED, ReviewRow, ReviewTable


@frozen
class _Group:
    """The rows of one currency, and who writes their figures."""

    currency: str
    rows: tuple[ReviewRow, ...]
    pending: int
    money_in: int
    money_out: int
    figures: Figures


def page(table: ReviewTable, options: Options | None = None) -> str:
    """Return one HTML page: a table for each currency."""
    options = options or Options(title="Bank review")
    groups: list[_Group] = []
    for currency, (_, money_in, money_out) in table.totals.items():
        groups.append(
            _Group(
                currency=currency,
                rows=tuple(row for row in table.rows if row.currency == currency),
                pending=table.pending(currency),
                money_in=money_in,
                money_out=money_out,
                figures=Figures(options.locale, currency),
            )
        )
    # A date is written alike whatever the currency.
    as_of = Figures(options.locale, "USD").day(table.as_of)
    return rendered(
        "review.html",
        options,
        sheet="review.css",
        groups=groups,
        as_of=as_of,
        unread=table.unread,
        listed=LISTED,
        plain=plain,
    )
