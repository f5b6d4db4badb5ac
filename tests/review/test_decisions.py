"""A reviewed file is read whole, or refused whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ledgerhq_ext import InputError, review
from ledgerhq_ext.review._decisions import LONGEST


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
