"""The checks of a packet as a section.

What differs stands first, then what is not checkable, then what ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ledgerhq_ext._message import joined, plural
from ledgerhq_ext._message import message as _
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Style, Table
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.reports.check import VERDICTS, Check, CheckVerdict

SHOWN = 100
"""So many checks of one rule stand one by one."""
LISTED = 12
"""So many problems stand above the figures."""
_COLUMNS = (
    Column(_("Check"), width=29, header=True),
    Column(_("About"), width=15),
    Column(_("First figure"), "cents", 13),
    Column(_("Second figure"), "cents", 13),
    Column(_("Checks"), "count", 8),
    Column(_("Verdict"), width=34),
)
_TITLES = {
    "profitAndLoss": _("Profit and loss"),
    "balanceSheet": _("Balance sheet"),
    "trialBalance": _("Trial balance"),
    "generalLedger": _("General ledger"),
    "bankReconciliationStatus": _("Bank reconciliation"),
    "cashFlow": _("Cash flow"),
    "payables": _("Payables"),
}
_ORDER: tuple[CheckVerdict, ...] = ("differs", "not checkable", "ties")


def summary(
    checks: Sequence[Check], prior: Sequence[Check] | None = None, prior_period: str = ""
) -> str:
    """Return how many checks were made and what they came to."""
    count = number(checks)
    verdicts = Counter(check.verdict for check in checks)
    different = verdicts["differs"]
    not_checkable = verdicts["not checkable"]

    parts = [plural("{count} check made", "{count} checks made", count=count)]
    if different:
        parts.append(plural("{count} differs", "{count} differ", count=different))
    elif count:
        parts.append(_("all tie"))
    if not_checkable:
        parts.append(plural("{count} not checkable", "{count} not checkable", count=not_checkable))
    if prior is not None:
        of_prior = summary(prior)
        parts.append(_("prior period, {period}: {checks}", period=prior_period, checks=of_prior))
    return joined(parts, "; ")


def number(checks: Iterable[Check]) -> int:
    """Return how many comparisons were made."""
    # One check may stand for many comparisons that tie.
    return sum(check.count for check in checks if check.verdict != "not checkable")


def differing(checks: Iterable[Check]) -> list[Check]:
    """Return the checks that differ."""
    return [check for check in checks if check.verdict == "differs"]


def problem(check: Check, figures: Figures) -> str:
    """Return what differs in one line, with the title of the statement that it is of."""
    title = _TITLES.get(check.statement, check.statement)
    return _("{label}: {words}", label=title, words=sentence(check, figures))


def sentence(check: Check, figures: Figures) -> str:
    """Return what differs in one sentence, its amounts as documents write them."""
    if check.unit != "cents" or check.figure is None or check.counterpart is None:
        return check.message
    return check._sentence(
        _(
            "{figure} against {counterpart}",
            figure=figures.money(check.figure),
            counterpart=figures.money(check.counterpart),
        )
    )


def problems_of(checks: Iterable[Check], figures: Figures, statement: str) -> tuple[str, ...]:
    """Return what does not tie in a statement, a sentence each."""
    own = [check for check in differing(checks) if check.statement == statement]
    return listed([sentence(check, figures) for check in own])


def listed(problems: Sequence[str], *, in_checks: bool = True) -> tuple[str, ...]:
    """Return the problems, a long list of them cut short; ``in_checks`` says where others are."""
    if len(problems) <= LISTED:
        return tuple(problems)
    count = len(problems) - LISTED
    more = plural("and {count} more", "and {count} more", count=count)
    if in_checks:
        more = plural("and {count} more: see Checks", "and {count} more: see Checks", count=count)
    return (*problems[:LISTED], more)


def section(checks: Sequence[Check]) -> Section:
    """Return the table of checks."""
    rows = list(_rows(checks))
    headline = (Fact(_("Made"), number(checks), "count"),)
    table = Table("checks-table", _("Checks"), _COLUMNS, rows, len(rows))
    return Section("checks", _("Checks"), "period", headline, (), (table,))


def _rows(checks: Sequence[Check]) -> Iterator[Row]:
    for verdict in _ORDER:
        yield from _rows_of(verdict, [check for check in checks if check.verdict == verdict])


def _rows_of(verdict: CheckVerdict, checks: Iterable[Check]) -> Iterator[Row]:
    counts: Counter[str] = Counter()
    for check in checks:
        counts[check.rule] += 1
        if counts[check.rule] <= SHOWN:
            yield _row(check)

    for rule, count in counts.items():
        if count > SHOWN:
            cells = (rule, _("others"), None, None, count - SHOWN, VERDICTS[verdict])
            yield Row(cells, _style(verdict))


def _row(check: Check) -> Row:
    # The columns are of amounts; numbers of rows stand with the verdict.
    figure = None
    counterpart = None
    if check.unit == "cents":
        figure = check.figure
        counterpart = check.counterpart

    about = check.about or None
    # What was not checked has no number of things that were.
    count = 0 if check.verdict == "not checkable" else check.count
    cells = (check.rule, about, figure, counterpart, count, _verdict(check))
    return Row(cells, _style(check.verdict))


def _verdict(check: Check) -> str:
    if check.verdict == "not checkable":
        return _("not checkable, because {reason}", reason=check.reason)

    details: list[str] = []
    if check.unit == "rows" and check.figure is not None:
        figures = {"figure": check.figure, "counterpart": check.counterpart}
        details.append(_("{figure} and {counterpart} rows", **figures))
    if check.reason:
        details.append(check.reason)
    verdict = VERDICTS[check.verdict]
    if not details:
        return verdict
    return _("{label}: {words}", label=verdict, words=joined(details, "; "))


def _style(verdict: str) -> Style:
    return "differs" if verdict == "differs" else "line"
