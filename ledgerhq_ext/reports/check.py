"""One check of a packet: a rule, the two figures it compares, and the verdict."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from ledgerhq_ext._message import Message, joined
from ledgerhq_ext._message import message as _
from ledgerhq_ext.money import Cents

CheckVerdict: TypeAlias = Literal["ties", "differs", "not checkable"]
"""The result of a check. ``not checkable`` is no fault: the packet does not tell enough."""

Unit: TypeAlias = Literal["cents", "rows"]

VERDICTS: dict[CheckVerdict, Message] = {
    "ties": _("ties"),
    "differs": _("differs"),
    "not checkable": _("not checkable"),
}
"""The verdicts as sentences say them."""


@frozen(kw_only=True)
class Check:
    """A rule of bookkeeping, applied to a packet.

    ``rule`` names both sides (``balance sheet = trial balance``). ``figure`` is the first side and
    ``counterpart`` the second, in cents, or in rows if ``unit`` says so; None if no amounts are
    compared. ``statement`` is the contract's name of the statement with the first side.
    ``account_id``, ``account`` (code and name) and ``entry_number`` identify the subject.
    ``reason`` says why it is not checkable, or what differs other than amounts.

    Checks of one rule that tie are combined: ``count`` is their number, and the figures are their
    sums.
    """

    rule: str
    statement: str
    verdict: CheckVerdict
    figure: Cents | None = None
    counterpart: Cents | None = None
    account_id: str | None = None
    account: str = ""
    entry_number: int | None = None
    reason: str = ""
    unit: Unit = "cents"
    count: int = 1

    @property
    def about(self) -> str:
        """The account or entry, as text; empty for a whole statement."""
        entry = ""
        if self.entry_number is not None:
            entry = _("entry {number}", number=self.entry_number)
        return joined([part for part in (self.account, entry) if part], ", ")

    @property
    def message(self) -> Message:
        """The check in one sentence, which documents can print in another language."""
        return self._sentence(self._figures())

    def _sentence(self, figures: str) -> Message:
        """Return the check in one sentence with its figures as this text; it may be empty."""
        subject: str = self.rule
        if self.about:
            subject = _("{rule} ({about})", rule=self.rule, about=self.about)
        if self.verdict == "not checkable":
            reason = self.reason
            return _("{rule}: not checkable, because {reason}", rule=subject, reason=reason)

        verdict = VERDICTS[self.verdict]
        details = [part for part in (figures, self.reason) if part]
        outcome = _("{label}: {words}", label=subject, words=verdict)
        if not details:
            return outcome
        return joined([outcome, joined(details, "; ")], ", ")

    def __str__(self) -> str:
        return str(self.message)

    def _figures(self) -> str:
        if self.figure is None or self.counterpart is None:
            return ""
        figures = {"figure": self.figure, "counterpart": self.counterpart}
        if self.unit == "rows":
            return _("{figure} against {counterpart} rows", **figures)
        return _("{figure} against {counterpart} cents", **figures)


@frozen
class Subject:
    """The subject of a check: an account, an entry, both, or (neither) a whole statement."""

    account_id: str | None = None
    account: str = ""
    entry_number: int | None = None


_STATEMENT = Subject()


class Tally:
    """The comparisons of one rule.

    Those that tie become one check; each of the others is a check of its own. Without ``sums`` that
    one check has no figures, since a sum of them would say nothing.
    """

    def __init__(
        self, rule: str, statement: str, *, unit: Unit = "cents", sums: bool = True
    ) -> None:
        self.rule = rule
        self.statement = statement
        self.unit = unit
        self._sums = sums
        self._others: list[Check] = []
        self._only: tuple[int, int, Subject] | None = None
        self._ties = 0
        self._figure = 0
        self._counterpart = 0

    def compare(self, figure: int, counterpart: int, subject: Subject = _STATEMENT) -> None:
        """Add a comparison of two amounts, in cents, or of two numbers of rows."""
        if figure != counterpart:
            self._others.append(self._check("differs", figure, counterpart, subject))
            return
        # Beside the sums: if it stays the only one, the check can say what it is about.
        self._only = (figure, counterpart, subject)
        self._figure += figure
        self._counterpart += counterpart
        self._ties += 1

    def tie(self, count: int = 1) -> None:
        """Add comparisons that tie, of something other than amounts."""
        self._ties += count

    def differ(self, reason: str, subject: Subject = _STATEMENT) -> None:
        """Add a comparison that differs in something other than amounts."""
        self._others.append(self._check("differs", None, None, subject, reason))

    def leave(
        self,
        reason: str,
        figure: int | None = None,
        counterpart: int | None = None,
        subject: Subject = _STATEMENT,
    ) -> None:
        """Add a comparison that cannot be made, with its figures where there are some."""
        self._others.append(self._check("not checkable", figure, counterpart, subject, reason))

    def checks(self) -> list[Check]:
        """Return what differs and what is not checkable, then one check of all that ties."""
        if not self._ties:
            return self._others
        return [*self._others, self._tie()]

    def _tie(self) -> Check:
        # A single comparison can still say which account or entry it is about.
        if self._only is not None and self._ties == 1:
            return self._check("ties", *self._only)
        if self._only is None or not self._sums:
            return self._check("ties", None, None, _STATEMENT, count=self._ties)
        return self._check("ties", self._figure, self._counterpart, _STATEMENT, count=self._ties)

    def _check(
        self,
        verdict: CheckVerdict,
        figure: int | None,
        counterpart: int | None,
        subject: Subject,
        reason: str = "",
        count: int = 1,
    ) -> Check:
        return Check(
            rule=self.rule,
            statement=self.statement,
            verdict=verdict,
            figure=figure,
            counterpart=counterpart,
            account_id=subject.account_id,
            account=subject.account,
            entry_number=subject.entry_number,
            reason=reason,
            unit=self.unit,
            count=count,
        )


def not_checkable(rule: str, statement: str, reason: str) -> Check:
    """Return a check that cannot be made."""
    return Check(rule=rule, statement=statement, verdict="not checkable", reason=reason)
