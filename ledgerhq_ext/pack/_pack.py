"""A management pack: everything that it is made of, as it was read, and what follows from that."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from attrs import frozen

from ledgerhq_ext._wire import Record
from ledgerhq_ext.models import (
    Account,
    BankAccount,
    BankTransaction,
    Bill,
    Contact,
    Entry,
    FinancialPacket,
    TrialBalance,
)
from ledgerhq_ext.pack._ageing import Ageing, ageing_of
from ledgerhq_ext.pack._bank import BankReconciliation, reconciliations_of
from ledgerhq_ext.pack._cash_flow import CashFlow, Movements, cash_flow_of
from ledgerhq_ext.pack._checks import pack_checks
from ledgerhq_ext.pack._groups import Groups
from ledgerhq_ext.pack._ratios import Position, Ratio, ratios_of
from ledgerhq_ext.pack._results import Result, result_of
from ledgerhq_ext.reports.check import Check
from ledgerhq_ext.reports.periods import Period, in_utc
from ledgerhq_ext.reports.statements import Problem, to_problems


@frozen(kw_only=True, repr=False, slots=False)
class ManagementPack(Record):
    """What a management pack is made of, as it was read; amounts in cents.

    ``packet`` is that of the period, with all of its statements. ``prior``, ``prior_year``,
    ``year_to_date`` and ``prior_year_to_date`` have profit and loss, the first two the balance
    sheet too. ``months`` are the last twelve, with profit and loss. The others are as of the day
    that the packet was read; ``bank_rows`` and ``entries`` are those since the last reconciliation,
    and every unreconciled row. ``to_json`` and ``from_json`` keep all of it.
    """

    packet: FinancialPacket
    prior: FinancialPacket
    prior_year: FinancialPacket
    year_to_date: FinancialPacket
    prior_year_to_date: FinancialPacket
    months: tuple[FinancialPacket, ...]
    accounts: tuple[Account, ...]
    bills: tuple[Bill, ...]
    contacts: tuple[Contact, ...]
    bank_accounts: tuple[BankAccount, ...]
    bank_rows: tuple[BankTransaction, ...]
    entries: tuple[Entry, ...]
    trial_balance: TrialBalance

    @property
    def day(self) -> dt.date:
        """The day that the packet was read, in UTC: bills and bank accounts are of this day."""
        return in_utc(self.packet.generated_at).date()

    @property
    def currency(self) -> str:
        """The currency of the company, in which all amounts are."""
        return self.packet.organization.default_currency

    @cached_property
    def groups(self) -> Groups:
        """The accounts by group."""
        return Groups(self.accounts)

    @property
    def result(self) -> Result:
        """The totals of profit and loss, from revenue to net income, in cents."""
        return self.result_of(self.packet)

    def result_of(self, packet: FinancialPacket) -> Result:
        """Return the totals of another packet's profit and loss, by the same groups."""
        return result_of(packet.profit_and_loss, self.groups)

    @cached_property
    def movements(self) -> Movements:
        """What every account of the balance sheet changed in the period."""
        return Movements(self.prior.balance_sheet, self.packet.balance_sheet, self.groups)

    def cash_flow(self) -> CashFlow:
        """Return the cash flow statement of the period, by the indirect method, in cents."""
        net_income = self.packet.profit_and_loss.net_income
        return cash_flow_of(self.movements, net_income, self.result.depreciation)

    def ratios(self) -> tuple[Ratio, ...]:
        """Return the ratios of the period."""
        return self.ratios_of(self.packet)

    def ratios_of(self, packet: FinancialPacket) -> tuple[Ratio, ...]:
        """Return the ratios of a packet with profit and loss and a balance sheet."""
        period = Period(packet.period.start_date, packet.period.end_date)
        position = Position(packet.balance_sheet, self.groups)
        return ratios_of(self.result_of(packet), position, period)

    def ageing(self) -> Ageing:
        """Return the unpaid bills by supplier and age, as of the day that they were read."""
        names = {contact.id: contact.name for contact in self.contacts}
        return ageing_of(self.bills, names, self.day, self.currency)

    def bank_reconciliations(self) -> tuple[BankReconciliation, ...]:
        """Return every bank account against the books, as of the day that they were read."""
        return reconciliations_of(
            self.packet.bank_reconciliation_status,
            self.bank_accounts,
            self.bank_rows,
            self.entries,
            self.trial_balance,
            self.day,
            self.currency,
        )

    def checks(self) -> tuple[Check, ...]:
        """Return the checks of the packet, then those of what the pack adds to it.

        Each has both figures and a verdict: ``ties``, ``differs``, or ``not checkable`` with the
        reason.
        """
        return (*self.packet.checks(), *self._own_checks)

    @cached_property
    def _own_checks(self) -> tuple[Check, ...]:
        """The checks of what the pack adds to its packet: a pack never changes."""
        return tuple(pack_checks(self))

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for every check that differs."""
        return to_problems(self.checks())
