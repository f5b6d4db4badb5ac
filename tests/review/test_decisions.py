"""A reviewed file is read whole, or refused whole."""

from __future__ import annotations

import codecs
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import InputError, review
from ledgerhq_ext.review._decisions import LARGEST, LONGEST
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
    assert (found[1].account, found[1].reason, found[1].amount, found[1].line) == ("6100", "month end", "-12.50", 3)
    assert found[3].shares == (("6100", "1.50"), ("6500", "2"))
    assert found[4].shares == (("bill:x:y", "3.00"),)
    assert found[5].account == ""


def test_a_row_may_be_reclassified_and_then_reconciled() -> None:
    assert len(read("transaction_id,action,account\na,reclassify,6100\na,reconcile,\n")) == 2


def test_spreadsheets_with_semicolons_are_read() -> None:
    assert [decision.transaction_id for decision in read("transaction_id;action\na;exclude\n")] == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line must name"),
        ("transaction_id\na\n", "action missing"),
        ("transaction_id,action,colour\n", "'colour'"),
        ("transaction_id,action,action\n", "'action'"),
        ("transaction_id,action\na,delete\n", "'delete'"),
        ("transaction_id,action\n,exclude\n", "no transaction_id"),
        ("transaction_id,action\na,exclude,x\n", "3 cells under 2 columns"),
        ("transaction_id,action\na\n", "1 cells under 2 columns"),
        ("transaction_id,action\na,reclassify\n", "needs the column account"),
        ("transaction_id,action\na,split\n", "needs the column shares"),
        ("transaction_id,action,shares\na,split,6100\n", "share '6100'"),
        ("transaction_id,action,shares\na,split,6100=-1\n", "share '6100=-1'"),
        ("transaction_id,action,shares\na,split,6100=1e3\n", "no amount"),
        ("transaction_id,action,shares\na,split,6100=1;bill:b=2\n", "not of both"),
        ("transaction_id,action,shares\na,exclude,6100=1\n", "means nothing to exclude"),
        ("transaction_id,action,target\na,match,b1\n", "target 'b1'"),
        ("transaction_id,action,target\na,match,cheque:1\n", "target 'cheque:1'"),
        ("transaction_id,action,amount\na,exclude,12.5 USD\n", "no amount"),
        ("transaction_id,action\na,exclude\na,include\n", "already stands in line 2"),
        ('transaction_id,action\n"a,exclude\n' + "x" * 200_000, "no CSV"),
        ("transaction_id,action\n" + "a,\n" * (LONGEST + 1), "lines at the most"),
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
        (io.TextIOWrapper(io.BytesIO(b"\xff\n"), encoding="ascii", errors="surrogateescape"), "encoding"),
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
    with (tmp_path / "file").open("w", encoding="utf-8") as stream, pytest.raises(InputError, match="not readable"):
        review.read_decisions(stream)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), "UTF-16"),
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
    [("folder", "it is a folder"), ("file/decisions.csv", "not a folder"), ("x" * 300, "too long"), ("a\0b", "NUL")],
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
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(GOOD,), kwargs={"encoding": "utf-8"})
    writer.start()
    found = review.read_decisions(tmp_path / "pipe")
    writer.join()
    assert [decision.transaction_id for decision in found] == READ


@pytest.mark.parametrize("bad", ["folder", "utf-16.csv", "missing.csv"])
def test_nothing_is_asked_for_a_file_that_cannot_be_read(bad: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "utf-16.csv").write_bytes(GOOD.encode("utf-16"))
    script = Script(200)
    with pytest.raises(InputError):
        review.apply(client(script).organization(ORG), tmp_path / bad)
    assert script.requests == []
