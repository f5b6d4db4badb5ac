"""Documents of a management pack: their sections, words and figures, in every format."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve
from pypdf import PdfReader

from ledgerhq_ext import Account, InputError, LedgerHQ, render
from ledgerhq_ext.pack import Group, ManagementPack, read_pack
from ledgerhq_ext.render import _pdf_pages, _pdf_split
from ledgerhq_ext.sandbox import Sandbox
from tests.pack.books import GROUPS
from tests.render.packets import ledger
from tests.render.reading import read_workbook

OPTIONS = render.Options(
    title="Management pack",
    firm="Birch & Partners",
    letter="Dear team,\n\nMay was a good month.\nCash grew.",
    notes={"cash-flow": "Customers paid later."},
    assurance=render.NO_ASSURANCE,
    preparer="Jo Birch",
    reviewer="Sam Reed",
    draft=True,
)
_FORMULA = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")


@pytest.fixture(scope="module")
def pack() -> Iterator[ManagementPack]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        books = hq.organization(hq.company("Maple Street Coffee"))
        yield read_pack(books, "2026-05", groups=cast("dict[str, Group]", GROUPS))


@pytest.fixture(scope="module")
def pages(pack: ManagementPack) -> list[str]:
    reader = PdfReader(io.BytesIO(render.pdf(pack, OPTIONS)))
    return [page.extract_text() for page in reader.pages]


def test_a_document_is_true_to_its_pack(pack: ManagementPack) -> None:
    other = ManagementPack.from_json(pack.to_json().replace("Bean Brothers", "Bean Sisters"))
    for document in (
        render.html(pack, OPTIONS),
        render.pdf(pack, OPTIONS),
        render.xlsx(pack, OPTIONS),
    ):
        assert render.verify(document, pack)
        assert not render.verify(document, other)


def test_a_changed_figure_is_found(pack: ManagementPack) -> None:
    page = render.html(pack, OPTIONS)
    net_income = f"{pack.result.net_income / 100:,.2f}"
    assert net_income in page
    verdict = render.verify(page.replace(net_income, "9,999.99"), pack)
    assert verdict.finding == "changed"
    assert "9,999.99" in verdict.reason


def test_what_the_accountant_says(pack: ManagementPack, pages: list[str]) -> None:
    page = render.html(pack, OPTIONS)
    first_page = " ".join(pages[0].split())
    for words in (
        "Dear team,",
        "May was a good month. Cash grew.",
        "Prepared by",
        "Jo Birch",
        "Reviewed by",
        "Sam Reed",
        "no assurance is expressed",
    ):
        assert words in page
        assert words in first_page
    assert "Customers paid later." in page
    for text in pages:
        assert "DRAFT" in text
        assert "Unaudited" in text

    workbook = render.xlsx(pack, OPTIONS)
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/sheet" in name]
        for name in sheets:
            assert "Unaudited   DRAFT" in archive.read(name).decode()


def test_contents_have_the_pages_of_their_sections(pages: list[str]) -> None:
    [contents] = [text for text in pages if "Contents" in text]
    lines = re.findall(r"^([A-Z][A-Za-z ]+?) ?\.[ .]*(\d+)$", contents, re.MULTILINE)
    assert len(lines) == len(render.CLIENT_SECTIONS) + len(render.WORKING_PAPERS)
    for title, number in lines:
        assert title in pages[int(number) - 1]


@pytest.mark.slow
def test_contents_lead_beyond_the_part_they_stand_in(
    pack: ManagementPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long pack is typeset in parts, of which the first names the pages of all."""
    monkeypatch.setattr(_pdf_pages, "WHOLE", 200)
    monkeypatch.setattr(_pdf_split, "ROWS", 150)
    long = evolve(pack, packet=evolve(pack.packet, general_ledger=ledger([5] * 300)))
    reader = PdfReader(io.BytesIO(render.pdf(long, OPTIONS)))
    [first] = [page for page in reader.pages if "Contents" in page.extract_text()]
    contents = first.extract_text()
    lines = re.findall(r"^([A-Z][A-Za-z ]+?) ?\.[ .]*(\d+)$", contents, re.MULTILINE)
    links: list[Any] = [link.get_object() for link in first["/Annots"]]  # type: ignore[attr-defined]
    sections = render.CLIENT_SECTIONS + render.WORKING_PAPERS
    assert len(lines) == len(links) == len(sections)

    texts = [page.extract_text() for page in reader.pages]
    for (title, number), link in zip(lines, links, strict=True):
        page = reader.get_page_number(link["/Dest"][0].get_object())
        assert page == int(number) - 1
        assert title in texts[page]
    # The ledger, which is last, goes on for parts after the page that is named.
    assert lines[-1][0] == "General ledger"
    assert len(texts) - int(lines[-1][1]) > 8
    assert "continued" in texts[-2]


def test_the_clients_part_and_the_working_papers(pack: ManagementPack) -> None:
    client = render.html(pack, render.Options(sections=render.CLIENT_SECTIONS))
    papers = render.html(pack, render.Options(sections=render.WORKING_PAPERS))
    for id in render.CLIENT_SECTIONS:
        assert f'id="{id}"' in client
        assert f'id="{id}"' not in papers
    for id in render.WORKING_PAPERS:
        assert f'id="{id}"' in papers
        assert f'id="{id}"' not in client
    assert render.verify(papers, pack)


def test_accounts_without_a_kind_are_named_in_the_working_papers_alone(
    pack: ManagementPack,
) -> None:
    """A client reads what they count as, and not how the firm's chart is kept."""
    accounts = [
        evolve(account, sub_type="mystery") if account.code in ("6100", "1200") else account
        for account in pack.accounts
    ]
    odd = evolve(pack, accounts=tuple(accounts))
    client = render.html(odd, render.Options(sections=render.CLIENT_SECTIONS))
    papers = render.html(odd, render.Options(sections=render.WORKING_PAPERS))
    assert "does not say the kind" not in client
    assert "6100 Office supplies" in note_of(papers, "trial-balance")
    assert "sales or operating expenses" in note_of(client, "profit-and-loss")
    assert "current assets" in note_of(client, "cash-flow")

    noted = render.Options(notes={"trial-balance": "Seen."})
    assert note_of(render.html(odd, noted), "trial-balance").endswith("Seen.")
    assert "without a kind" not in render.html(evolve(pack, accounts=known(pack)))


def known(pack: ManagementPack) -> tuple[Account, ...]:
    """Return the accounts, each with a kind."""
    kinds = {
        "asset": "bank",
        "liability": "accounts_payable",
        "equity": "equity",
        "revenue": "sales",
        "expense": "operating_expense",
    }
    return tuple(evolve(account, sub_type=kinds[account.type]) for account in pack.accounts)


def note_of(page: str, section: str) -> str:
    """Return the notes of a section."""
    content = page.split(f'id="{section}"', 1)[1].split("</details>", 1)[0]
    return " ".join(re.findall(r'<p class="note">([^<]*)</p>', content))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sections": ["weather"]}, "no section 'weather'; it has: profit-and-loss"),
        ({"notes": {"weather": "Rain."}}, "no section 'weather'"),
    ],
)
def test_sections_that_are_not_there(
    pack: ManagementPack, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        render.html(pack, render.Options(**options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"letter": 5}, "letter or note must be a string"),
        ({"letter": "x" * 20_001}, "at most 20000 characters"),
        ({"notes": "cash-flow"}, "notes must map the"),
        ({"sections": "ratios"}, "sections must be the"),
        ({"draft": "yes"}, "draft must be True or False"),
    ],
)
def test_words_that_cannot_be_used(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        render.Options(**options)


def test_a_pack_brings_its_own_comparison(pack: ManagementPack) -> None:
    with pytest.raises(InputError, match="has its own prior periods"):
        render.html(pack, compare=pack.prior)


def test_a_packet_takes_the_words_too(pack: ManagementPack) -> None:
    options = render.Options(letter="Dear team", draft=True, sections=["balance-sheet"])
    page = render.html(pack.packet, options)
    assert "Dear team" in page
    assert "DRAFT" in page
    assert 'id="profit-and-loss"' not in page
    assert render.verify(page, pack.packet)


def test_a_balance_in_another_currency_is_no_amount_of_the_company(pack: ManagementPack) -> None:
    first, *others = pack.bank_accounts
    foreign = evolve(pack, bank_accounts=(evolve(first, currency_code="JPY"), *others))
    rows = list(csv.reader(io.StringIO(render.csv(foreign, "bank-1"), newline="")))
    assert [row[1:] for row in rows[1:]] == [
        ["Balance of the bank", ""],
        ["Cannot be compared, because it is kept in JPY", ""],
    ]
    [account] = [one for one in foreign.bank_reconciliations() if one.currency == "JPY"]
    assert account.balance == pack.bank_reconciliations()[0].balance


def test_tables_as_csv(pack: ManagementPack, tmp_path: Path) -> None:
    names = {path.stem for path in render.write_csv(pack, tmp_path)}
    assert {"cash-flow", "ratios", "payables", "bank-1", "trend", "year-to-date"} <= names
    lines = render.csv(pack, "cash-flow").splitlines()
    assert lines[-1].endswith(f",{Decimal(pack.cash_flow().closing) / 100}")


def test_the_only_bank_account_has_the_table_that_it_has_among_others(pack: ManagementPack) -> None:
    status = pack.packet.bank_reconciliation_status
    alone = evolve(status, accounts=status.accounts[:1])
    packet = evolve(pack.packet, bank_reconciliation_status=alone)
    assert render.csv(evolve(pack, packet=packet), "bank-1") == render.csv(pack, "bank-1")


def test_totals_are_formulas_with_their_results(pack: ManagementPack) -> None:
    workbook = render.xlsx(pack, OPTIONS)
    formulas = formulas_of(workbook)
    assert any(text.startswith("ROUND(SUM(") for text in formulas)
    assert any("/ABS(" in text for text in formulas)
    # Gross profit: total revenue less total cost of sales.
    assert any(re.fullmatch(r"ROUND\(C\d+-C\d+,2\)", text) for text in formulas)


def test_a_total_of_many_lines_is_a_formula_that_a_spreadsheet_can_hold(
    pack: ManagementPack,
) -> None:
    row = evolve(pack.bank_rows[0], journal_entry_id=None)
    open_rows = [evolve(row, id=f"open-{number}") for number in range(2_000)]
    long = evolve(pack, bank_rows=(*pack.bank_rows, *open_rows))

    formulas = formulas_of(render.xlsx(long, OPTIONS))
    assert any(re.fullmatch(r"ROUND\(SUM\(C\d+:C20\d\d\),2\)", text) for text in formulas)
    # What Excel takes; with more it calls the file damaged.
    assert max(map(len, formulas)) <= 8_192


def formulas_of(workbook: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/sheet" in name]
        return [
            formula
            for name in sheets
            for formula in re.findall(r"<f>([^<]*)</f>", archive.read(name).decode())
        ]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_spreadsheet_calculates_the_same(pack: ManagementPack, tmp_path: Path) -> None:
    """LibreOffice is given the formulas without their results, and has to find them again."""
    workbook = render.xlsx(pack, OPTIONS)
    source = tmp_path / "without.xlsx"
    source.write_bytes(without_results(workbook))
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", source.name],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=300,
    )
    calculated = numbers(tmp_path.joinpath("out", source.name).read_bytes())
    expected = numbers(workbook)
    assert len(expected) > 500
    assert calculated == expected


def without_results(workbook: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(target, "w") as copy:
        for name in archive.namelist():
            data = archive.read(name)
            if "worksheets/sheet" in name:
                data = _FORMULA.sub(r"\1", data.decode()).encode()
            copy.writestr(name, data)
    return target.getvalue()


def numbers(workbook: bytes) -> dict[tuple[str, str], Decimal]:
    """Return the numbers of all sheets by sheet and cell, to a ten-thousandth."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        found: dict[tuple[str, str], Decimal] = {}
        for name in archive.namelist():
            if "worksheets/sheet" in name:
                text = archive.read(name).decode()
                for cell, attributes, inner in re.findall(
                    r'<c r="([A-Z]+\d+)"([^>]*[^/>])?>(.*?)</c>', text
                ):
                    value = re.search(r"<v>([^<]*)</v>", inner)
                    if value and ('t="' not in attributes or 't="n"' in attributes):
                        amount = Decimal(value[1]).quantize(Decimal("0.0001"))
                        found[Path(name).name, cell] = amount
        return found


def test_the_workbook_reads_as_plain_cells(pack: ManagementPack) -> None:
    sheets = read_workbook(render.xlsx(pack, OPTIONS))
    assert list(sheets)[:3] == ["Summary", "Profit and loss", "Year to date"]
