"""A reviewed file is read whole, or refused whole."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import InputError, review
from ledgerhq_ext.review._columns import LONGEST
from ledgerhq_ext.review._decision_file import LARGEST
from tests.support.clients import ORG, client
from tests.support.responses import Script


def read(text: str) -> tuple[review.Decision, ...]:
    """The decisions of a text."""
    return review.read_decisions(io.StringIO(text))


def test_rows_without_an_action_are_left_alone() -> None:
    assert read("transaction_id,action\nrow-1,\n\n") == ()


def test_every_action_is_read() -> None:
    found = read(
        "transaction_id,action,account,target,shares,reason,amount\n"
        "a,reconcile,,entry:e1,,,\n"
        "b,Reclassify,6100,,,month end,-12.50\n"
        "c,match,,bill:b1,,,\n"
        'd,split,,,"6100=1.50; 6500=2",,\n'
        "e,split,,,bill:x:y=3.00,,\n"
        "f,exclude,6100,,,,\n"
        "g,include,,,,,\n"
    )
    assert [decision.action for decision in found] == [
        "reconcile", "reclassify", "match", "split", "split", "exclude", "include",
    ]  # fmt: skip
    assert found[0].target == ("entry", "e1")
    assert (found[1].account, found[1].reason, found[1].amount, found[1].line) == (
        "6100",
        "month end",
        "-12.50",
        3,
    )
    assert found[3].shares == (("6100", "1.50"), ("6500", "2"))
    assert found[4].shares == (("bill:x:y", "3.00"),)
    assert found[5].account == ""


def test_a_row_may_be_reclassified_and_then_reconciled() -> None:
    assert len(read("transaction_id,action,account\na,reclassify,6100\na,reconcile,\n")) == 2


ROWS = [
    ["transaction_id", "action", "shares", "amount"],
    ["a", "split", "6100=12.50; 6500=7.50", "-20.00"],
]


def saved(separator: str, end: str = "\n") -> str:
    """Return two rows as a spreadsheet saves them."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=end).writerows(ROWS)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        saved(",").encode(),
        saved(";").encode(),
        saved("\t").encode(),
        saved(",", "\r\n").encode("utf-8-sig"),
        saved(";", "\r\n").encode("utf-8-sig"),
        saved(",", "\r").encode(),
        saved("\t", "\r\n").encode("utf-16"),
        codecs.BOM_UTF16_BE + saved("\t", "\r\n").encode("utf-16-be"),
        saved(";", "\r\n").encode("utf-16"),
    ],
    ids=[
        "comma",
        "semicolon",
        "tab",
        "marked",
        "marked semicolon",
        "CR",
        "Unicode text",
        "turned",
        "wide semicolon",
    ],
)
def test_what_spreadsheets_save_is_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_bytes(content)
    for file in (tmp_path / "decisions.csv", io.BytesIO(content)):
        (decision,) = review.read_decisions(file)
        assert decision.shares == (("6100", "12.50"), ("6500", "7.50"))
        assert decision.amount == "-20.00"


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize(
    ("amount", "plain"),
    [
        ("12,5", "12.5"),
        ("-1234,56", "-1234.56"),
        ("1.234,56", "1234.56"),
        ("-1.234.567,8", "-1234567.8"),
        ("1,234", "1.234"),
        ("0,500", "0.500"),
        ("12.50", "12.50"),
        ("0.500", "0.500"),
        ("1.2345", "1.2345"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("-1250", "-1250"),
    ],
)
def test_an_amount_with_a_decimal_comma(separator: str, amount: str, plain: str) -> None:
    (decision,) = read(
        f"transaction_id{separator}action{separator}amount\na{separator}exclude{separator}{amount}\n"
    )
    assert decision.amount == plain


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1.234", "Write 1234 for thousands, or 1,234 for a fraction"),
        ("12.500", "ambiguous"),
        ("999.999", "ambiguous"),
        ("1,234,567", "is not an amount"),
        ("1,234.56", "is not an amount"),
        ("12.34,56", "is not an amount"),
        ("0.123,45", "is not an amount"),
        ("1.234.56", "is not an amount"),
        ("1 234,56", "is not an amount"),
        (",5", "is not an amount"),
        ("5,", "is not an amount"),
        ("5,12345", "is not an amount"),
    ],
)
def test_an_amount_that_could_be_another_is_refused_by_its_line(amount: str, said: str) -> None:
    text = f"transaction_id;action;shares\nx;;\na;split;6100={amount}\n"
    with pytest.raises(InputError, match=said) as caught:
        read(text)
    assert "line 3: " in caught.value.message


@pytest.mark.parametrize("amount", ["12,50", "1,234.56", "1.234,56"])
def test_a_file_with_commas_between_cells_has_points_in_amounts(amount: str) -> None:
    with pytest.raises(InputError, match="is not an amount"):
        read(f'transaction_id,action,amount\na,exclude,"{amount}"\n')


@pytest.mark.parametrize(
    "text",
    [
        "transaction_id,action,\na,exclude,\n",
        "transaction_id,action,\na,exclude\n",
        "transaction_id,action\na,exclude,\n",
        "transaction_id;action; ;\na;exclude;; \n",
    ],
)
def test_empty_columns_at_the_end_are_nothing(text: str) -> None:
    assert [decision.action for decision in read(text)] == ["exclude"]


@pytest.mark.parametrize(
    "text", ["transaction_id,action,\na,exclude,x\n", "transaction_id,,action\na,,exclude\n"]
)
def test_a_column_without_a_name_that_says_something_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"3 cells for 2 columns|columns ''"):
        read(text)


def test_the_columns_of_the_last_release_are_read() -> None:
    header = "transaction_id,date,payee,amount,currency,likely,action,account,target,shares,reason"
    (decision,) = read(
        f"{header}\nrow-1,2026-06-30,Cafe,-4.50,USD,6300 Meals,Reconcile,6300,entry:e1,,lunch\n"
    )
    expected = review.Decision(
        line=2,
        transaction_id="row-1",
        action="reconcile",
        target=("entry", "e1"),
        reason="lunch",
        amount="-4.50",
        date=dt.date(2026, 6, 30),
    )
    assert decision == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line must name"),
        ("transaction_id\na\n", "Missing: action"),
        ("transaction_id,action,colour\n", "'colour'"),
        ("transaction_id,action,action\n", "'action'"),
        ("transaction_id,action\na,delete\n", "'delete'"),
        ("transaction_id,action\n,exclude\n", "transaction_id is missing"),
        ("transaction_id,action\na,exclude,x\n", "3 cells for 2 columns"),
        ("transaction_id,action\na\n", "1 cell for 2 columns"),
        ("transaction_id,action\na,reclassify\n", "requires the column account"),
        ("transaction_id,action\na,split\n", "requires the column shares"),
        ("transaction_id,action,shares\na,split,6100\n", "share '6100'"),
        ("transaction_id,action,shares\na,split,;\n", "shares ';': write 6100=12.50"),
        ("transaction_id,action,shares\na,split,6100=-1\n", "share '6100=-1'"),
        ("transaction_id,action,shares\na,split,6100=1e3\n", "is not an amount"),
        ("transaction_id,action,shares\na,split,6100=1;bill:b=2\n", "not both"),
        ("transaction_id,action,shares\na,exclude,6100=1\n", "does not apply to exclude"),
        ("transaction_id,action,target\na,match,b1\n", "target 'b1'"),
        ("transaction_id,action,target\na,match,cheque:1\n", "target 'cheque:1'"),
        ("transaction_id,action,amount\na,exclude,12.5 USD\n", "is not an amount"),
        ("transaction_id,action,entry\na,exclude,je_1\n", "target 'je_1'"),
        ("transaction_id,action\na,exclude\na,include\n", "is already in line 2"),
        ('transaction_id,action\n"a,exclude\n' + "x" * 200_000, "is not CSV"),
        ('transaction_id,action,reason\na,,"x\nb,exclude,\n', "Line 3 is not CSV"),
        ("transaction_id,action\n" + "a,\n" * (LONGEST + 1), "at most"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text)


def test_everything_wrong_is_told_at_once_up_to_a_point() -> None:
    with pytest.raises(InputError, match="… and 10 more") as caught:
        read("transaction_id,action\n" + "".join(f"{n},frob\n" for n in range(30)))
    assert caught.value.message.count("\n") == 21


def test_files_that_cannot_be_read_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        review.read_decisions(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes("transaction_id,action\nä,\n".encode("latin-1"))
    with pytest.raises(InputError, match="CSV UTF-8"):
        review.read_decisions(tmp_path / "latin.csv")


GOOD = "transaction_id,action\nrow-1,exclude\n"
READ = ["row-1"]


class Odd:
    """A stream that gives something else than text or bytes."""

    def read(self, _: int) -> object:
        return ["no text"]


class InPieces(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe does."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._content[: min(7, len(buffer))]
        self._content = self._content[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def closed() -> io.StringIO:
    stream = io.StringIO(GOOD)
    stream.close()
    return stream


@pytest.mark.parametrize(
    "stream",
    [
        io.StringIO(GOOD),
        io.StringIO("\ufeff" + GOOD),
        io.BytesIO(GOOD.encode()),
        io.BytesIO(GOOD.encode("utf-8-sig")),
        InPieces(GOOD.encode()),
        io.TextIOWrapper(io.BytesIO(GOOD.encode("utf-16")), encoding="utf-16"),
        codecs.getreader("latin-1")(io.BytesIO(GOOD.encode())),
    ],
)
def test_streams_of_text_and_bytes_are_read(stream: Any) -> None:
    assert [decision.transaction_id for decision in review.read_decisions(stream)] == READ


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (closed(), "closed"),
        (io.TextIOWrapper(io.BytesIO("ä".encode("latin-1")), encoding="utf-8"), "utf-8"),
        (
            io.TextIOWrapper(io.BytesIO(b"\xff\n"), encoding="ascii", errors="surrogateescape"),
            "encoding",
        ),
        (io.BytesIO("ä".encode("latin-1")), "line 1 is not UTF-8"),
        (io.StringIO("x" * (LARGEST + 1)), "8 MiB"),
        (Odd(), "list"),
        (io.StringIO, "TypeError"),
        (None, "must be a path"),
        (5, "must be a path"),
        (b"decisions.csv", "must be a path"),
    ],
)
def test_streams_that_cannot_be_read(stream: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        review.read_decisions(stream)


def test_a_stream_that_can_only_be_written(tmp_path: Path) -> None:
    with (
        (tmp_path / "file").open("w", encoding="utf-8") as stream,
        pytest.raises(InputError, match="not readable"),
    ):
        review.read_decisions(stream)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.encode("utf-16") + b"a", "damaged UTF-16"),
        (b"\xfe\xff" + GOOD.encode("utf-16-be") + b"\xd8\x00", "damaged UTF-16"),
        (GOOD.encode("utf-16-le"), "NUL"),
        ((GOOD + "ä,\n").encode("latin-1"), "line 3 is not UTF-8"),
        (GOOD.encode() + b"a\0b,exclude\n", "NUL"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        ("ä".encode() * LARGEST, "8 MiB"),
    ],
)
def test_files_in_another_encoding(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        review.read_decisions(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("folder", "it is a folder"),
        ("file/decisions.csv", "not a folder"),
        ("x" * 300, "too long"),
        ("a\0b", "NUL"),
    ],
)
def test_places_that_hold_no_file(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=said) as caught:
        review.read_decisions(tmp_path / name)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="pipes have no names here")
def test_a_pipe_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(
        target=(tmp_path / "pipe").write_text, args=(GOOD,), kwargs={"encoding": "utf-8"}
    )
    writer.start()
    found = review.read_decisions(tmp_path / "pipe")
    writer.join()
    assert [decision.transaction_id for decision in found] == READ


@pytest.mark.parametrize("bad", ["folder", "latin-1.csv", "missing.csv"])
def test_nothing_is_asked_for_a_file_that_cannot_be_read(bad: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin-1.csv").write_bytes((GOOD + "ä,\n").encode("latin-1"))
    script = Script(200)
    with pytest.raises(InputError):
        review.apply(client(script).organization(ORG), tmp_path / bad)
    assert script.requests == []
