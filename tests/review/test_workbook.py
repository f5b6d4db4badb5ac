"""The review workbook: what people choose from, and the same decisions as from CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import subprocess
import traceback
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import Account, InputError, review
from ledgerhq_ext.review import _columns, _workbook_reading

from .test_candidates import bill, entry, row, table

openpyxl: Any = import_module("openpyxl")  # these have no types
xlsxwriter: Any = import_module("xlsxwriter")

HEADING = 2
FIRST = 3
EVIL = '=HYPERLINK("http://example.org")'


def account(number: int, **changes: Any) -> Account:
    """Return an account with a code of four digits."""
    fields: dict[str, Any] = {
        "id": f"acc-{number}",
        "code": f"{number:04}",
        "name": f"Name {number}",
        "type": "expense",
        "currency_code": "USD",
        "is_active": True,
    }
    return Account(**fields | changes)


CHART = [account(6100, name="Office supplies"), account(6500, name="Software")]


def many() -> review.ReviewTable:
    """Return rows with candidates, an entry, another currency, and a name that is a formula."""
    return table(
        row(organization_id="org-1"),
        row(id="row-2", journal_entry_id="entry-2", organization_id="org-1", payee=EVIL),
        row(id="row-3", amount=-1_234, currency_code="KWD", organization_id="org-1"),
        row(id="row-4", amount=-500, currency_code="JPY", organization_id="org-1"),
        bills=[bill(organization_id="org-1")],
        entries=[
            entry(organization_id="org-1"),
            entry(id="entry-2", description="Rent", organization_id="org-1"),
        ],
    )


def opened(content: bytes) -> Any:
    """Return a workbook as another program opens it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def places(sheet: Any) -> dict[str, int]:
    """Return the columns of a sheet by name."""
    return {cell.value: cell.column for cell in sheet[HEADING]}


def filled(content: bytes, *rows: dict[str, Any]) -> bytes:
    """Return a workbook whose first rows were filled in."""
    book = opened(content)
    sheet = book["Review"]
    at = places(sheet)
    for number, cells in enumerate(rows, FIRST):
        for name, value in cells.items():
            sheet.cell(number, at[name]).value = value
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes) -> tuple[review.Decision, ...]:
    return review.read_decisions(io.BytesIO(content))


def sheet_of(*rows: list[Any]) -> bytes:
    """Return a workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    return saved(book)


FILLED: list[dict[str, str]] = [
    {"action": "match", "target": "bill:bill-1"},
    {"action": "Reconcile"},
    {"action": "split", "shares": "6100=1.2; 6500=0.03"},
    {"action": "reclassify", "account": "6100", "reason": "month end"},
]


def test_a_workbook_and_a_csv_file_are_the_same_decisions() -> None:
    reviewed = many()
    from_workbook = read(filled(reviewed.workbook(CHART), *FILLED))

    lines = list(csv.DictReader(io.StringIO(reviewed.decisions())))
    for line, more in zip(lines, FILLED, strict=True):
        line.update(more)
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    text.seek(0)
    from_csv = review.read_decisions(text)

    assert [facts(decision) for decision in from_workbook] == [
        facts(decision) for decision in from_csv
    ]
    assert [decision.line for decision in from_workbook] == [3, 4, 5, 6]
    assert from_workbook[2].date == dt.date(2026, 6, 20)
    assert from_workbook[1].entry == "entry-2"


def facts(decision: review.Decision) -> tuple[object, ...]:
    """Return all that a decision says, but for its line; an amount as its number."""
    amount = f"{float(decision.amount):g}"
    return (
        decision.organization,
        decision.transaction_id,
        decision.date,
        decision.action,
        decision.account,
        decision.target,
        decision.shares,
        decision.reason,
        amount,
        decision.status,
        decision.entry,
    )


def test_amounts_are_numbers_and_dates_are_dates() -> None:
    sheet = opened(many().workbook(CHART))["Review"]
    at = places(sheet)
    amounts = [sheet.cell(number, at["amount"]) for number in range(FIRST, FIRST + 4)]
    assert [(cell.value, cell.number_format) for cell in amounts] == [
        (-125, "#,##0.00"),
        (-125, "#,##0.00"),
        (-1.234, "#,##0.000"),
        (-500, "#,##0"),
    ]
    day = sheet.cell(FIRST, at["date"])
    assert day.value.isoformat() == "2026-06-20T00:00:00"
    assert day.is_date
    # What a stranger wrote stays a text.
    payee = sheet.cell(FIRST + 1, at["payee"])
    assert (payee.value, payee.data_type) == (EVIL, "s")


def test_the_heading_stays_and_says_what_may_be_changed() -> None:
    sheet = opened(many().workbook(CHART))["Review"]
    at = places(sheet)
    assert set(at) == set(_columns.COLUMNS)
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref == "A2:R6"
    bands = {cell.value: cell.column for cell in sheet[1] if cell.value}
    assert bands == {
        "To read": at["date"],
        "To fill in": at["action"],
        "Do not change": at["status"],
    }
    assert at["transaction_id"] > at["status"]


def rules(content: bytes) -> dict[str, Any]:
    """Return what may be written into the columns, by their names."""
    sheet = opened(content)["Review"]
    names = {place: name for name, place in places(sheet).items()}
    found: dict[str, Any] = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert (area.min_row, area.max_row) == (FIRST, sheet.max_row)
        found[names[area.min_col]] = rule
    return found


def test_the_lists_to_choose_from() -> None:
    content = many().workbook(account(number) for number in range(3_000))
    found = rules(content)
    assert found["action"].formula1 == '"reconcile,reclassify,match,split,exclude,leave"'
    assert found["action"].showErrorMessage
    # A reference and no list of words: those end at 255 characters.
    assert found["account"].formula1 == "Accounts!$A$2:$A$3001"
    assert not found["account"].showErrorMessage
    assert found["target"].formula1 == (
        "OFFSET(Candidates!$B$1,MATCH($Q3,Candidates!$A$2:$A$3,0),0,"
        "COUNTIF(Candidates!$A$2:$A$3,$Q3),1)"
    )
    for name in set(_columns.COLUMNS) - {"action", "account", "target", "shares", "reason"}:
        assert (found[name].type, found[name].formula1) == ("custom", "FALSE")

    book = opened(content)
    assert book["Accounts"]["A3001"].value == "2999 Name 2999"
    candidates = list(book["Candidates"].values)[1:]
    assert candidates == [
        ("row-1", "entry:entry-1 (entry 42 Metro Parts, brake pads, 2026-06-18)"),
        ("row-1", "bill:bill-1 (bill B-77 Metro Parts Ltd, due 2026-07-01)"),
    ]


@pytest.mark.parametrize("name", ["action", "account", "target"])
def test_what_is_chosen_from_a_list_is_read(name: str) -> None:
    content = many().workbook(CHART)
    book = opened(content)
    choices = {
        "action": "exclude",
        "account": book["Accounts"]["A2"].value,
        "target": book["Candidates"]["B3"].value,
    }
    action = {"action": "exclude", "account": "reclassify", "target": "match"}[name]
    (decision,) = read(filled(content, {name: choices[name], "action": action}))
    expected = {
        "action": ("exclude", "", None),
        "account": ("reclassify", "6100 Office supplies", None),
        "target": ("match", "", ("bill", "bill-1")),
    }
    assert (decision.action, decision.account, decision.target) == expected[name]


def test_only_active_accounts_are_listed_and_those_of_one_name_by_their_ids() -> None:
    twins = [account(1, id="a", name="Rent"), account(1, id="b", name="Rent")]
    closed = account(2, is_active=False)
    sheet = opened(many().workbook([*twins, closed]))["Accounts"]
    assert [cells[0] for cells in sheet.values] == ["account", "a", "b"]


def test_an_empty_table_is_a_workbook_too() -> None:
    assert read(review.table([]).workbook()) == ()


def test_leave_leaves_a_row_alone() -> None:
    assert read(filled(many().workbook(), {"action": "leave"}, {"action": "LEAVE"})) == ()


def test_columns_may_be_moved_and_left_out_and_rows_be_empty() -> None:
    content = sheet_of(
        ["Reviewed by Jo"],
        [],
        ["action", "amount", "transaction_id", None],
        [None, None, None],
        ["exclude", -12.5, "row-1"],
        [],
        ["", -1, "row-2"],
        ["include", 7, "row-3"],
    )
    decisions = read(content)
    assert [(each.line, each.transaction_id, each.amount) for each in decisions] == [
        (5, "row-1", "-12.5"),
        (8, "row-3", "7"),
    ]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.1 + 0.2, "0.3"),
        (-1234.56, "-1234.56"),
        (1.10, "1.1"),
        (123456789012.34, "123456789012.34"),
        (-5, "-5"),
        (100.0, "100"),
        (1.234, "1.234"),
        ("-12.50", "-12.50"),
    ],
)
def test_a_number_is_the_amount_that_it_shows(value: object, amount: str) -> None:
    (decision,) = read(sheet_of(["transaction_id", "action", "amount"], ["a", "exclude", value]))
    assert decision.amount == amount


def with_formulas(*results: object) -> bytes:
    """Return a workbook with a formula in every cell, and these results."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["transaction_id", "action", "amount"])
        for place, result in enumerate(results):
            sheet.write_formula(1, place, "=A9", None, result)
    return target.getvalue()


def test_a_formula_is_its_stored_result() -> None:
    (decision,) = read(with_formulas("a", "exclude", 0.1 + 0.2))
    assert (decision.transaction_id, decision.action, decision.amount) == ("a", "exclude", "0.3")


def test_an_empty_text_is_a_result_of_a_formula() -> None:
    book = opened(sheet_of(["transaction_id", "action"], ["a", '=IF(C2,"exclude","")']))
    source = io.BytesIO(saved(book))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            # As spreadsheets save it.
            content = old.read(name).replace(b'<c r="B2"', b'<c r="B2" t="str"')
            new.writestr(name, content)
    assert b't="str"><f>' in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    assert read(target.getvalue()) == ()


def test_a_name_is_no_code_of_a_character() -> None:
    name = "Rent_x202E_ _x000D_"
    chart = [account(6100, name=name)]
    content = table(row(payee=name)).workbook(chart)
    [written] = [
        cell.value for cell in opened(content)["Review"][FIRST] if "Rent" in str(cell.value)
    ]
    assert written == "Rent_x005F_x202E_ _x005F_x000D_"

    label = opened(content)["Accounts"]["A2"].value
    [decision] = read(filled(content, {"action": "reclassify", "account": label}))
    assert decision.account == f"6100 {name}"


def test_lines_that_were_pasted_on_windows() -> None:
    shares = "6100=1.20;_x000D_\n6500=0.03_x000D_"
    [decision] = read(filled(many().workbook(CHART), {"action": "split", "shares": shares}))
    assert decision.shares == (("6100", "1.20"), ("6500", "0.03"))


def test_decisions_on_two_sheets_are_refused() -> None:
    book = opened(many().workbook())
    copy = book.copy_worksheet(book["Review"])
    copy.cell(FIRST, places(copy)["action"]).value = "exclude"
    with pytest.raises(InputError, match="'Review' and 'Review Copy' have decisions"):
        read(saved(book))

    # Whatever the one that stays is called, and wherever it stands.
    del book["Review"]
    (decision,) = read(saved(book))
    assert decision.action == "exclude"


def test_cells_that_are_merged_over_several_rows_are_refused() -> None:
    book = opened(
        sheet_of(["Decisions"], [], ["transaction_id", "action"], ["a", "exclude"], ["b"])
    )
    book.active.merge_cells("A1:B2")
    (decision,) = read(saved(book))
    assert decision.transaction_id == "a"

    # The action is of both rows to a person, and of the first one in the file.
    book.active.merge_cells("B4:B5")
    with pytest.raises(InputError, match="line 4: its cells are merged with those of other rows"):
        read(saved(book))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"action": "delete"}, "line 3: action 'delete' is not valid"),
        ({"action": "reclassify", "account": None}, "line 3: reclassify requires the column acc"),
        ({"action": "exclude", "transaction_id": None}, "line 3: transaction_id is missing"),
        ({"action": "exclude", "target": "bill:b"}, "target does not apply to exclude"),
        ({"action": "exclude", "amount": "12,50"}, "amount '12,50' is not an amount"),
        ({"action": "exclude", "amount": 3.333333}, "amount '3.333333' is not an amount"),
        ({"action": "exclude", "amount": "=A1+1"}, "line 3: D3 has a formula without a result"),
        ({"action": "=A1"}, "J3 has a formula without a result"),
        ({"action": "exclude", "date": "soon"}, "date 'soon' is not a date"),
        ({"action": "exclude", "date": 46203.5}, "date '2026-06-30T12:00:00' is not a date"),
        ({"action": "split", "shares": "6100=1.234"}, "Write 1234 for thousands, or 1,234"),
        ({"action": "exclude", "transaction_id": "row-2"}, "row-2 is already in line 3"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_line(cells: dict[str, Any], said: str) -> None:
    content = filled(many().workbook(CHART), cells, {"action": "exclude"})
    with pytest.raises(InputError, match="Nothing was sent") as caught:
        read(content)
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "first line must name the columns"),
        ([["id", "action"]], "Missing: transaction_id"),
        ([["transaction_id"], ["a"]], "Missing: action"),
        ([["transaction_id", "action", "colour"]], "'colour'"),
        ([["transaction_id", "action", "action"]], "'action'"),
        ([["transaction_id", "action"], ["a", "exclude", "x"]], "3 cells for 2 columns"),
        ([["transaction_id", *["x"] * 100, "action"]], "more than 100 columns"),
    ],
)
def test_columns_that_nobody_knows(rows: list[list[Any]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(sheet_of(*rows))


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def another_archive() -> bytes:
    return archive(mimetype=b"application/vnd.oasis")


def cut_off() -> bytes:
    return many().workbook()[:3_000]


def bomb() -> bytes:
    return archive(a=bytes(_workbook_reading.UNPACKED + 1))


def with_entities() -> bytes:
    """Return a workbook whose sheet has an entity that stands for many letters."""
    source = io.BytesIO(sheet_of(["transaction_id", "action"], ["a", "exclude"]))
    target = io.BytesIO()
    entity = b'<!DOCTYPE x [<!ENTITY y "exclude">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = entity + content
            new.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    # Made when the test runs: collecting must stay cheap.
    [
        (lambda: b"PK\x03\x04" + bytes(100), "no workbook, or a damaged one"),
        (another_archive, "Save it as an Excel workbook"),
        (cut_off, "no workbook, or a damaged one"),
        (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100), "without a password"),
        (bomb, "at most 100 MiB"),
        (with_entities, "no workbook, or a damaged one"),
    ],
    ids=["no archive", "another archive", "cut off", "old", "bomb", "entities"],
)
def test_files_that_are_no_workbook(make: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    path.write_bytes(make())
    with pytest.raises(InputError, match=said) as caught:
        review.read_decisions(path)
    assert str(path) in str(caught.value)


def test_entities_are_refused_before_they_grow() -> None:
    with pytest.raises(InputError) as caught:
        read(with_entities())
    assert "EntitiesForbidden" in "".join(traceback.format_exception(caught.value))


def test_a_workbook_of_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_columns, "LONGEST", 3)
    with pytest.raises(InputError, match="at most 3 lines"):
        read(many().workbook())


def test_an_amount_that_no_sheet_can_hold() -> None:
    wide = table(row(amount=-(2**53 - 1)))
    with pytest.raises(InputError, match="Write it as CSV"):
        wide.workbook()


def test_a_file_in_its_place(tmp_path: Path) -> None:
    path = many().write_workbook(tmp_path / "review.xlsx", CHART)
    assert review.read_decisions(path) == ()
    with pytest.raises(InputError, match="cannot be written"):
        many().write_workbook(tmp_path / "nothing" / "review.xlsx")


def by_libreoffice(content: bytes, folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it."""
    (folder / "review.xlsx").write_bytes(content)
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", "review.xlsx"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return (folder / "out" / "review.xlsx").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_saved_by_another_program(tmp_path: Path) -> None:
    """Its formulas have results then, its lists are kept, and the decisions are the same."""
    cells: list[dict[str, Any]] = [*FILLED]
    cells[1] = {"action": "Reconcile", "amount": "=-100-25"}
    content = filled(many().workbook(CHART), *cells)
    converted = by_libreoffice(content, tmp_path)
    expected = read(filled(many().workbook(CHART), *FILLED))
    assert read(converted) == expected
    after = rules(converted)
    for name, rule in rules(content).items():
        if rule.type == "list":
            assert after[name].formula1 == rule.formula1
