"""A chart of accounts from a CSV file: what exists is left, the rest is created line by line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from attrs import frozen

from ledgerhq_ext import InputError, LedgerHQError, TransportError
from ledgerhq_ext._files import read_file
from ledgerhq_ext._plain import counted
from ledgerhq_ext._texts import separator_of
from ledgerhq_ext.errors import is_about_login

if TYPE_CHECKING:
    from ledgerhq_ext import Account, AccountType, Organization


_NEEDED = ("code", "name", "type")
_COLUMNS = (*_NEEDED, "sub_type", "parent", "currency", "description")

Status = Literal["created", "would be created", "exists", "differs", "failed", "not tried"]


@frozen
class Line:
    """One account of the file, with the number of its line."""

    number: int
    values: dict[str, str]

    def text(self, name: str) -> str:
        """Return a column, empty where the file has none."""
        return self.values.get(name, "")

    def optional(self, name: str) -> str | None:
        """Return a column, or None where it is empty."""
        return self.values.get(name) or None


@frozen
class Result:
    """The outcome of a line."""

    line: Line
    status: Status
    message: str = ""
    account: Account | None = None

    @property
    def is_right(self) -> bool:
        """True when the books have the account of the line, or would have it."""
        return self.status in ("created", "would be created", "exists")

    def row(self) -> dict[str, Any]:
        """Return it for a table or JSON."""
        return {
            "line": self.line.number,
            "code": self.line.text("code"),
            "name": self.line.text("name"),
            "status": self.status,
            "message": self.message,
            "id": None if self.account is None else self.account.id,
        }


def read_lines(file: Path) -> list[Line]:
    """Return the accounts of a file. Raises ``InputError`` for a file that is not such a list."""
    try:
        text = read_file(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 (byte {error.start}). Save it as CSV UTF-8."
        ) from None

    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(first), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_names(file, names)
        return list(_lines(file, reader, names))
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}, is not valid CSV: {error}.") from None


def _check_names(file: Path, names: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(
            f"{file} has no column {', '.join(missing)}. Its first line must name the columns. "
            f"Valid columns are {', '.join(_COLUMNS)}."
        )
    odd = [name for name in names if name not in _COLUMNS or names.count(name) > 1]
    if odd:
        raise InputError(
            f"{file} has the column {odd[0]!r}, which is unknown or repeated. Valid columns are "
            f"{', '.join(_COLUMNS)}."
        )


def _lines(file: Path, reader: Any, names: list[str]) -> Iterable[Line]:
    """Yield the lines of a chart. Raises ``InputError`` for one with too many cells, or too few."""
    for cells in reader:
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        if len(values) != len(names):
            raise InputError(
                f"{file}, line {reader.line_num}, has {counted(len(cells), 'cell')} for "
                f"{counted(len(names), 'column')}."
            )
        yield Line(reader.line_num, dict(zip(names, values, strict=True)))


class Import:
    """Creates what a company does not have yet."""

    def __init__(self, books: Organization, *, dry_run: bool) -> None:
        self._books = _offline(books) if dry_run else books
        self._dry_run = dry_run
        self._accounts = {account.code: account for account in books.accounts()}
        self._planned: dict[str, Line] = {}
        """What a dry run would have created by now."""
        self.is_over = False
        """True once the login is lost: no further line can be imported."""

    def result(self, line: Line) -> Result:
        """Create the account of a line, unless it is there; return what became of it."""
        code = line.text("code")
        present = self._accounts.get(code)
        if present is not None:
            values = {"name": present.name, "type": str(present.type)}
            return _comparison(line, values, "in the books", present)
        planned = self._planned.get(code)
        if planned is not None:
            return _comparison(line, planned.values, f"in line {planned.number}")

        longer = self._code_with_zeros(code)
        if longer is not None:
            owner = "the books have" if longer in self._accounts else "an earlier line creates"
            return Result(
                line,
                "failed",
                f"{owner} an account {longer}, and a spreadsheet drops leading zeros. "
                "Format the column as text, or use ledgerhq accounts create if this is another "
                "account.",
            )
        parent = line.optional("parent")
        if parent is not None and parent not in self._accounts and parent not in self._planned:
            return Result(
                line,
                "failed",
                f"its parent {parent} neither exists nor appears earlier in the file.",
            )
        return self._create(line, parent)

    def _code_with_zeros(self, code: str) -> str | None:
        """Return the code of an account that differs by zeros at its beginning only, if any."""
        for other in (*self._accounts, *self._planned):
            if other != code and other.lstrip("0") == code:
                return other
        return None

    def _create(self, line: Line, parent: str | None) -> Result:
        try:
            account = self._books.create_account(
                code=line.text("code"),
                name=line.text("name"),
                type=cast("AccountType", line.text("type")),
                sub_type=line.optional("sub_type"),
                parent=None if parent is None else self._accounts.get(parent),
                currency_code=line.optional("currency"),
                description=line.optional("description"),
            )
        except LedgerHQError as error:
            if self._dry_run and isinstance(error, TransportError):
                self._planned[line.text("code")] = line
                return Result(line, "would be created")
            if is_about_login(error):
                # No other line could be sent either.
                self.is_over = True
            # Whatever else one line does, the others go on; the file can be imported again.
            return Result(line, "failed", str(error))
        self._accounts[account.code] = account
        return Result(line, "created", account=account)


def _offline(books: Organization) -> Organization:
    """Return the same company on a client that reaches nothing: it checks a request as it would
    before sending it, and ends there.
    """
    import httpx

    from ledgerhq_ext import LedgerHQ

    def refuse(_: httpx.Request) -> httpx.Response:
        """Take no request."""
        raise httpx.ConnectError("nothing is sent in a dry run")

    nowhere = httpx.MockTransport(refuse)
    hq = LedgerHQ(access_token="none", transport=nowhere, retries=0)  # noqa: S106 - it opens nothing
    return hq.organization(books.id)


def _comparison(
    line: Line, values: dict[str, str], place: str, account: Account | None = None
) -> Result:
    """Return whether an account that is there, or would be, is the one of the line."""
    for name in ("name", "type"):
        if line.text(name) != values[name]:
            # Never changed by a file: somebody in the firm may have named it so.
            message = f"left unchanged, although its {name} {place} is {values[name]!r}."
            return Result(line, "differs", message, account)
    return Result(line, "exists", account=account)


def not_tried(line: Line) -> Result:
    """Return the result of a line whose turn did not come."""
    return Result(line, "not tried", "the import ended before this line; import the file again.")


def summary(results: list[Result]) -> str:
    """Return how many lines came to what."""
    counts = Counter(result.status for result in results)
    return ", ".join(f"{number} {status}" for status, number in counts.items()) or "nothing to do"
