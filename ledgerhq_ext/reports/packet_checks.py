"""All checks of a packet, in the order in which people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports import running
from ledgerhq_ext.reports.accounts import Accounts
from ledgerhq_ext.reports.check import Check, Tally
from ledgerhq_ext.reports.cross_checks import cross_checks

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket


@frozen
class Examination:
    """What an examination of a packet found.

    ``openings`` are what the accounts of the ledger began with, by id, in cents, where that is
    known (see ``running.openings``).
    """

    checks: tuple[Check, ...]
    openings: Mapping[str, int]


def examine(packet: FinancialPacket) -> Examination:
    """Return the checks of a packet, of every statement, and those between statements."""
    # Accounts and running balances are worked out once, and let go of afterwards.
    accounts = Accounts(packet)
    balances = running.Running(accounts)
    checks = [*_packet_checks(packet)]
    for name in packet.included:
        statement = packet.statement(name)
        assert statement is not None
        checks += statement.checks()

    # Beside those of the ledger alone: they need the accounts' kinds and ends, too.
    if "generalLedger" in packet.included:
        checks += running.checks(packet, balances)
    return Examination(
        checks=(*checks, *cross_checks(packet, accounts, balances)),
        openings=running.openings(packet, balances),
    )


def _packet_checks(packet: FinancialPacket) -> list[Check]:
    unit = Tally(_("amounts are integer cents"), "amountUnit")
    if packet.amount_unit == "integer_cents":
        unit.tie()
    else:
        unit.differ(_("the unit is {unit}, not 'integer_cents'", unit=repr(packet.amount_unit)))
    # A packet that was not read by a client has none to compare with.
    if not packet.organization_id:
        return unit.checks()

    scope = Tally(_("organization is the one that was asked for"), "organization")
    if packet.organization.id == packet.organization_id:
        scope.tie()
    else:
        ids = {"id": packet.organization.id, "requested": packet.organization_id}
        scope.differ(_("it is {id}, but {requested} was requested", **ids))
    return [*unit.checks(), *scope.checks()]
