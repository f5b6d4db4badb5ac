"""The accounts that decisions name: by code or id, or by code and name as a workbook lists them."""

from __future__ import annotations

from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.errors import InputError, RecordLookupError
from ledgerhq_ext.models import Account
from ledgerhq_ext.review._decisions import Decision, is_document
from ledgerhq_ext.review._suggestions import by_label


async def accounts_of(
    organization: AsyncOrganization, decisions: tuple[Decision, ...]
) -> dict[str, Account]:
    """Return the accounts that the decisions name, by code, id, or code and name."""
    lines: dict[str, int] = {}
    for decision in decisions:
        shares = [name for name, _ in decision.shares if not is_document(name)]
        for name in filter(None, [decision.account, *shares]):
            # A name is wrong once, however many lines have it.
            lines.setdefault(name, decision.line)
    if not lines:
        return {}

    chart = await organization.accounts()
    # As a workbook lists them.
    labels = by_label(chart)
    accounts: dict[str, Account] = {}
    problems: list[str] = []
    for name, line in lines.items():
        try:
            accounts[name] = labels.get(name) or chart.by_code_or_id(name)
        except RecordLookupError as error:
            problems.append(f"\n  line {line}: {error.message}")
    if problems:
        raise InputError(
            "Nothing was changed, because each of these must name exactly one account in the "
            f"books:{''.join(problems)}"
        )
    return accounts
