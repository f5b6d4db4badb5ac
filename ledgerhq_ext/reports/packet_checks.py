"""All checks of a packet, in the order in which people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext.reports import running
from ledgerhq_ext.reports.accounts import Accounts
from ledgerhq_ext.reports.check import Check, Tally
from ledgerhq_ext.reports.cross_checks import CrossChecks

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket


def packet_checks(packet: FinancialPacket) -> tuple[Check, ...]:
    """Return those of the packet, of every statement, and those between statements."""
    checks = [*_packet(packet)]
    for name in packet.included:
        statement = packet.statement(name)
        assert statement is not None
        checks += statement.checks()
    accounts = Accounts(packet)
    balances = running.Running(accounts)
    if "generalLedger" in packet.included:
        checks += running.checks(packet, accounts, balances)
    return (*checks, *CrossChecks(packet, accounts, balances).checks())


def _packet(packet: FinancialPacket) -> list[Check]:
    unit = Tally("amounts are integer cents", "amountUnit")
    if packet.amount_unit == "integer_cents":
        unit.tie()
    else:
        unit.differ(f"the unit is {packet.amount_unit!r}, not 'integer_cents'")
    checks = unit.checks()
    if packet.organization_id:
        scope = Tally("organization is the one that was asked for", "organization")
        if packet.organization.id == packet.organization_id:
            scope.tie()
        else:
            scope.differ(f"it is {packet.organization.id}, asked for was {packet.organization_id}")
        checks += scope.checks()
    return checks
