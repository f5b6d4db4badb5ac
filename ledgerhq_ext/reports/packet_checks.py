"""All checks of a packet, in the order in which people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports import running
from ledgerhq_ext.reports.accounts import Accounts
from ledgerhq_ext.reports.check import Check, Tally
from ledgerhq_ext.reports.cross_checks import cross_checks

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket


class Examination:
    """One examination of a packet.

    Its accounts and running balances are worked out once, for the checks and for the openings.
    """

    def __init__(self, packet: FinancialPacket) -> None:
        self._packet = packet
        self._accounts = Accounts(packet)
        self._running = running.Running(self._accounts)

    def checks(self) -> tuple[Check, ...]:
        """Return the checks of the packet, of every statement, and those between statements."""
        checks = [*_packet_checks(self._packet)]
        for name in self._packet.included:
            statement = self._packet.statement(name)
            assert statement is not None
            checks += statement.checks()

        # Beside those of the ledger alone: they need the accounts' kinds and ends, too.
        if "generalLedger" in self._packet.included:
            checks += running.checks(self._packet, self._accounts, self._running)
        return (*checks, *cross_checks(self._packet, self._accounts, self._running))

    def openings(self) -> dict[str, int]:
        """Return what the accounts of the ledger began with, by id, in cents, where that is known.

        See ``running.openings``.
        """
        return running.openings(self._packet, self._accounts, self._running)


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
