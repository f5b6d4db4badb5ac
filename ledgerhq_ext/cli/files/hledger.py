"""Journals of hledger, as ``hledger print -O json`` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from ledgerhq_ext import InputError
from ledgerhq_ext._extras import require
from ledgerhq_ext.cli.files.journals import Lines, journal_entry
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.cli.files.transactions import Item, SourceLine

_TAG = "tag:"
_BEGIN = 1_000
"""Bytes."""
_PLAIN_POSTING = "RegularPosting"
_PRICES = ("aprice", "acost", "acostbasis")
"""What an amount has that was exchanged for another commodity, or belongs to a lot."""


def read_hledger(file: Path, mapping: Mapping) -> Iterator[Item]:
    """Yield the transactions of a journal, one at a time, as journal entries.

    Raises ``InputError`` for a file that is not such a list, and where nothing says what the source
    id is: ``code``, or a tag.
    """
    require("reading hledger's JSON", "cli", "ijson")
    import ijson  # type: ignore[import-untyped]

    _check_id_place(mapping.id)
    try:
        with file.open("rb") as stream:
            # Of anything but a list, the reader finds no items.
            if not stream.read(_BEGIN).lstrip().startswith(b"["):
                raise InputError(f"{file.name} is not the output of hledger print -O json.")
            stream.seek(0)
            for document in ijson.items(stream, "item", use_float=False):
                yield _transaction(document, mapping)
    except (ijson.JSONError, KeyError, TypeError) as error:
        raise InputError(
            f"{file.name} is not the output of hledger print -O json: "
            f"{type(error).__name__}: {error}."
        ) from None
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror}.") from None


def _check_id_place(place: str) -> None:
    has_tag = place.startswith(_TAG) and place != _TAG
    if place != "code" and not has_tag:
        raise InputError(
            "Pass --id code or --id tag:NAME to say where the journal has the source ids, which "
            "keep a transaction from being posted twice."
        )


def _transaction(document: dict[str, Any], mapping: Mapping) -> Item:
    values = {
        "date": document["tdate"],
        "memo": document["tdescription"],
        "reference": document["tcode"],
        "company": mapping.company,
    }
    read_lines = partial(_lines, document["tpostings"], document["tdate"])
    id_text = _id_text(document, mapping.id)
    return journal_entry(_line_of(document), id_text, values, read_lines, mapping)


def _line_of(document: dict[str, Any]) -> int:
    """Return the line on which it begins; hledger gives one position, or begin and end."""
    position = document["tsourcepos"]
    if isinstance(position, list):
        position = position[0]
    return int(position["sourceLine"])


def _id_text(document: dict[str, Any], place: str) -> str:
    if place == "code":
        return str(document["tcode"]).strip()
    name = place.removeprefix(_TAG)
    for tag, value in document["ttags"]:
        if tag == name:
            return str(value).strip()
    return ""


def _lines(postings: list[dict[str, Any]], day: str) -> Lines:
    """Return the lines of an entry, and the one commodity that they are in."""
    lines: list[SourceLine] = []
    units: set[str] = set()
    for posting in postings:
        account = posting["paccount"]
        if posting["ptype"] != _PLAIN_POSTING:
            raise InputError(f"{account} is a virtual posting, which LedgerHQ does not support.")
        if posting["pdate"] and posting["pdate"] != day:
            raise InputError(
                f"{account} has its own date, but all lines of an entry have the same date."
            )
        amounts = posting["pamount"]
        if len(amounts) != 1:
            raise InputError(f"{account} has {len(amounts)} amounts in one posting.")
        [amount] = amounts
        quantity = _quantity(account, amount)
        units.add(amount["acommodity"])
        if quantity:
            comment = posting["pcomment"].strip().replace("\n", " ")
            lines.append(SourceLine(account=account, amount=quantity, description=comment))

    if len(units) > 1:
        listed = ", ".join(sorted(map(repr, units)))
        raise InputError(
            f"it is in several commodities ({listed}), but the books have one currency."
        )
    return tuple(lines), units.pop() if units else ""


def _quantity(account: str, amount: dict[str, Any]) -> Decimal:
    if any(amount.get(name) for name in _PRICES):
        raise InputError(
            f"{account} has a price or cost (@), so its exact value in cents is unknown."
        )
    quantity = amount["aquantity"]
    # The two integers are exact; the fraction beside them is not, and arithmetic would round.
    return Decimal(f"{int(quantity['decimalMantissa'])}E{-int(quantity['decimalPlaces'])}")
