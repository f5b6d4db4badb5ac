"""Long documents as PDF: typeset in parts, and joined so that nobody can tell."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ledgerhq_ext import FinancialPacket, InputError, Period, render
from ledgerhq_ext.models import OrganizationRecord
from ledgerhq_ext.render import _pdf_pages, _pdf_parts, _pdf_process, _pdf_split
from scripts.bench.packets import packet as bench_packet
from tests.support.waiting import wait_until

from .packets import LOGO, ledger, packet
from .test_written_files import python

pytestmark = pytest.mark.slow

LINES = 3_000


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page, without blanks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return ["".join(page.extract_text().split()) for page in pages]


@pytest.fixture(scope="module")
def long() -> bytes:
    return render.pdf(bench_packet(LINES))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of few rows, so that a short document has several."""
    monkeypatch.setattr(_pdf_pages, "WHOLE", 200)
    monkeypatch.setattr(_pdf_split, "ROWS", 150)


@pytest.fixture(scope="module")
def pages(long: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(long)).pages]


def in_one_piece(shown: FinancialPacket, options: render.Options) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_pdf_pages, "WHOLE", sys.maxsize)
        return render.pdf(shown, options)


def long_trial_balance(rows: int) -> FinancialPacket:
    """A packet of a trial balance alone, of so many accounts."""
    whole = packet()
    assert whole.trial_balance is not None
    first = whole.trial_balance.accounts[0]
    accounts = [evolve(first, account_id=str(n), name=f"Till {n}") for n in range(rows)]
    company = OrganizationRecord(
        id="org-1", name="Shop", type="client", default_currency="USD", fiscal_year_start_month=1
    )
    june = Period(whole.period.start_date, whole.period.end_date)
    report = evolve(whole.trial_balance, accounts=tuple(accounts))
    return render.statement(report, company, june, generated_at=whole.generated_at)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("shown", "locale"),
    [
        (bench_packet(600), "en_US"),
        (evolve(packet(), general_ledger=ledger([5] * 300, memo="Till " * 25)), "de_DE"),
        (long_trial_balance(400), "en_US"),
    ],
    ids=["many accounts, Letter", "two accounts, A4", "one statement"],
)
def test_every_page_is_as_in_one_piece(shown: FinancialPacket, locale: str) -> None:
    options = render.Options(locale=locale, firm="Birch & Partners", draft=True, logo=LOGO)
    assert texts_of(render.pdf(shown, options)) == texts_of(in_one_piece(shown, options))


def test_every_page_has_its_number_and_its_heading(pages: list[str]) -> None:
    assert len(pages) > 50
    for number, page in enumerate(pages, 1):
        assert re.search(rf"\b{number} /\s+{len(pages)}$", page.strip())
        assert ("USD" in page.splitlines()[0]) == (number > 1)
    for before, page in pairwise(pages[4:]):
        # A page that begins in the midst of an account says of which.
        if "Total" not in before.splitlines()[-3]:
            assert "continued" in page.splitlines()[1]


def test_no_line_is_lost_or_repeated(pages: list[str]) -> None:
    words = "\n".join(pages)
    lines = bench_packet(LINES).general_ledger.lines
    entries = sorted(f"#{line.entry_number}" for line in lines)
    assert sorted(re.findall(r"#\d+(?= )", words.replace("Depot #42", ""))) == entries


def test_bookmarks_lead_to_their_pages(long: bytes, pages: list[str]) -> None:
    reader = PdfReader(io.BytesIO(long))
    outline: list[Any] = reader.outline
    titles = [item.title for item in outline if not isinstance(item, list)]
    assert titles == ["Profit and loss", "Balance sheet", "Checks", "General ledger"]
    accounts = outline[-1]
    assert len(accounts) == 27
    for item in [*outline[:4], *accounts]:
        number = reader.get_destination_page_number(item)
        assert number is not None
        assert item.title in pages[number]


# Tags


class Tags:
    """The tags of a PDF, walked from their root."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))
        root: Any = self.reader.root_object["/StructTreeRoot"]
        self.kinds: list[str] = []
        self.headers: set[str] = set()
        self.ids: list[str] = []
        # Page and number of marked content, and the element that it is of.
        self.content: dict[tuple[int, int], int] = {}
        self._walk(root["/K"][0])
        nums = root["/ParentTree"]["/Nums"]
        self.parents: dict[int, Any] = dict(zip(nums[::2], nums[1::2], strict=True))
        names = root["/IDTree"]["/Names"]
        self.named: dict[str, Any] = dict(zip(names[::2], names[1::2], strict=True))

    def _walk(self, reference: IndirectObject) -> None:
        element: Any = reference.get_object()
        self.kinds.append(str(element["/S"]))
        if "/ID" in element:
            self.ids.append(element["/ID"])
        for attributes in element.get("/A", []):
            self.headers.update(attributes.get("/Headers", []))
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                self._content(element.raw_get("/Pg"), kid, reference.idnum)
            elif isinstance(kid, DictionaryObject) and str(kid["/Type"]) == "/MCR":
                self._content(kid.raw_get("/Pg"), int(str(kid["/MCID"])), reference.idnum)
        array = element.get("/K", ArrayObject())
        for place in range(len(array)):
            kid = list.__getitem__(array, place)
            if isinstance(kid, IndirectObject):
                child: Any = kid.get_object()
                assert child["/P"] == element
                self._walk(kid)

    def _content(self, page: Any, number: int, element: int) -> None:
        assert (page.idnum, number) not in self.content
        self.content[page.idnum, number] = element


@pytest.fixture(scope="module")
def tags(long: bytes) -> Tags:
    return Tags(long)


def test_every_text_of_every_page_has_one_element(tags: Tags) -> None:
    """From both sides: from the tree, and from the list of a page."""
    marked = 0
    for page in tags.reader.pages:
        assert page.indirect_reference is not None
        contents = page.get_contents()
        assert contents is not None
        numbers = [int(n) for n in re.findall(rb"/MCID (\d+)", contents.get_data())]
        assert sorted(numbers) == list(range(len(numbers)))
        listed: Any = tags.parents[page["/StructParents"]].get_object()  # type: ignore[index]
        assert len(listed) == len(numbers)
        for number in numbers:
            element = list.__getitem__(listed, number)
            assert tags.content[page.indirect_reference.idnum, number] == element.idnum
        marked += len(numbers)
    assert marked == len(tags.content)


def test_tables_have_their_rows_and_every_cell_its_headers(tags: Tags) -> None:
    lines = bench_packet(LINES).general_ledger.lines
    rows = tags.kinds.count("/TR")
    assert rows > len(lines)
    heads = tags.kinds.count("/THead")
    assert heads == tags.kinds.count("/Table") == tags.kinds.count("/TBody")
    assert heads > 30
    assert len(tags.ids) == len(set(tags.ids)), "two cells of one name"
    assert set(tags.ids) == set(tags.named)
    assert tags.headers <= set(tags.ids)
    for name, cell in tags.named.items():
        assert cell.get_object()["/ID"] == name


def test_headings_are_in_order(tags: Tags) -> None:
    headings = [kind for kind in tags.kinds if re.fullmatch(r"/H\d", kind)]
    assert headings == ["/H1"] * 4 + ["/H2"] * 27
    assert tags.reader.root_object["/MarkInfo"]["/Marked"] == True  # type: ignore[index]  # noqa: E712
    assert str(tags.reader.root_object["/Lang"]) == "en"


# Bytes


def test_it_is_verified(long: bytes) -> None:
    assert render.verify(long, bench_packet(LINES))
    changed = (
        long[: len(long) // 2] + bytes([long[len(long) // 2] ^ 1]) + long[len(long) // 2 + 1 :]
    )
    assert render.verify(changed, bench_packet(LINES)).finding == "changed"


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("name", "value"),
    [("executable", "no-such-folder/python"), ("executable", ""), ("frozen", True)],
)
def test_where_no_process_starts_the_bytes_are_the_same(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = render.pdf(bench_packet(400))
    monkeypatch.setattr(sys, name, value, raising=False)
    assert render.pdf(bench_packet(400)) == apart


@pytest.mark.usefixtures("small_parts")
def test_where_an_interpreter_lacks_typst_the_bytes_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = render.pdf(bench_packet(400))
    monkeypatch.setattr(_pdf_process, "_PROGRAM", "import no_such_module")
    assert render.pdf(bench_packet(400)) == apart


@pytest.mark.usefixtures("small_parts")
def test_what_cannot_be_set_in_parts_is_set_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = bench_packet(300)
    whole = in_one_piece(shown, render.Options())
    monkeypatch.setattr(_pdf_pages, "set_in_parts", lambda folder, *_: overwritten(folder))
    assert render.pdf(shown) == whole


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("name", ["/Pages", "/ParentTree", "/StructParents"])
def test_what_another_typst_may_write_is_set_in_one_piece(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = bench_packet(300)
    whole = in_one_piece(shown, render.Options())

    def another(main: Path, fonts: Path | None, description: str) -> bytes:
        written = _pdf_process.typeset_apart(main, fonts, description)
        return written.replace(name.encode(), b"/" + b"X" * len(name[1:]))

    monkeypatch.setattr(_pdf_parts, "typeset_apart", another)
    assert render.pdf(shown) == whole


def overwritten(folder: Path) -> None:
    """Leave the data of a part behind, and no PDF."""
    (folder / "packet.json").write_text("{}")


@pytest.mark.usefixtures("small_parts")
def test_templates_of_others_have_the_whole_document(tmp_path: Path) -> None:
    (tmp_path / "blocks.typ").write_text('#import "parts.typ": *\n#let seal(doc) = [The end]\n')
    pages = texts_of(render.pdf(bench_packet(300), render.Options(templates=tmp_path)))
    assert [number for number, page in enumerate(pages, 1) if "Theend" in page] == [len(pages)]
    assert f"2/{len(pages)}" in pages[1]


@pytest.mark.usefixtures("small_parts")
def test_it_is_made_in_threads_at_once() -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: render.pdf(bench_packet(400)), range(2))
    assert one == other


# What goes wrong


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os; os.kill(os.getpid(), 9)", "no memory left"),
        (
            'import sys; sys.stderr.write(\'["PanicException", "index 3"]\'); sys.exit(3)',
            "typst failed to typeset this: index 3. Write HTML",
        ),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_a_process_that_dies_is_an_error_of_ours(
    program: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pdf_process, "_PROGRAM", program)
    with pytest.raises(InputError, match=message):
        render.pdf(bench_packet(400))


@pytest.mark.sample
@pytest.mark.usefixtures("small_parts")
def test_what_typst_refuses_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    program = _pdf_process._PROGRAM.replace('job["main"]', '"missing.typ"')
    monkeypatch.setattr(_pdf_process, "_PROGRAM", program)
    options = render.Options(logo=LOGO)
    with pytest.raises(InputError, match="typst cannot typeset this with this logo: "):
        render.pdf(bench_packet(400), options)


@pytest.mark.usefixtures("small_parts")
def test_no_temporary_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    render.pdf(bench_packet(400))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
def test_ctrl_c_ends_all_processes(tmp_path: Path) -> None:
    code = (
        "from ledgerhq_ext import render\n"
        "from scripts.bench.packets import packet\n"
        "sample = packet(20_000)\n"
        "print('begins', flush=True)\n"
        "render.pdf(sample)\n"
    )
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(root), str(root / "generated")]),
            "TMPDIR": str(tmp_path),
        },
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*/total.pdf")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors
    # The process that looks after the resources of the others is the last one to see their end.
    wait_until(lambda: not _has_processes(process.pid))
    assert list(tmp_path.iterdir()) == []


def _has_processes(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# Memory


@pytest.mark.skipif(os.name == "nt", reason="Windows counts differently")
def test_the_memory_of_a_long_ledger_is_bounded() -> None:
    """One piece takes 600 MiB for these lines, and as much again for as many more."""
    measured = python(
        "import resource, sys\n"
        "from ledgerhq_ext import render\n"
        "from scripts.bench.packets import packet\n"
        "def peak(who):\n"
        "    unit = 1 << 20 if sys.platform == 'darwin' else 1 << 10\n"
        "    return resource.getrusage(who).ru_maxrss / unit\n"
        "sample = packet(5_000)\n"
        "render.pdf(packet(1))\n"
        "before = peak(resource.RUSAGE_SELF)\n"
        "render.pdf(sample)\n"
        "own = peak(resource.RUSAGE_SELF) - before\n"
        "print(own + peak(resource.RUSAGE_CHILDREN))\n"
    )
    assert float(measured) < 200
