"""The chart of twelve months, as it is drawn: where its points are, in every format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from attrs import evolve
from pypdf import PdfReader

from ledgerhq_ext import LedgerHQ, render
from ledgerhq_ext.models import FinancialPacket
from ledgerhq_ext.pack import ManagementPack, Result, read_pack
from ledgerhq_ext.sandbox import Sandbox
from tests.render.reading import read_workbook

TONES = ("main", "second", "third")
NAMES = ("Revenue", "Operating expenses", "Net income")
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pack() -> Iterator[ManagementPack]:
    with Sandbox() as box, LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq:
        yield read_pack(hq.organization(hq.company("Maple Street Coffee")), "2026-05")


def changed(
    pack: ManagementPack, amount: Callable[[int, int], int], count: int = 12
) -> ManagementPack:
    """Return a pack of the last months, each amount made of its month's number and itself."""
    months: list[FinancialPacket] = []
    for number, month in enumerate(pack.months[-count:]):
        result = month.profit_and_loss
        revenue = tuple(
            evolve(line, balance=amount(number, line.balance)) for line in result.revenue
        )
        months.append(evolve(month, profit_and_loss=evolve(result, revenue=revenue)))
    return evolve(pack, months=tuple(months))


def figures(pack: ManagementPack) -> dict[str, list[int]]:
    """Return the figures of the lines, month by month."""
    results: list[Result] = [pack.result_of(month) for month in pack.months]
    return {
        "main": [result.revenue for result in results],
        "second": [result.operating_expenses for result in results],
        "third": [result.net_income for result in results],
    }


def drawing(pack: ManagementPack) -> ElementTree.Element:
    """Return the chart of the page."""
    page = render.html(pack)
    (text,) = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    return ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))


def points(chart: ElementTree.Element) -> dict[str, list[tuple[float, float]]]:
    """Return the points of the lines by tone."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for line in chart.iter(f"{_SVG}polyline"):
        tone = line.attrib["class"].split()[1]
        pairs = [pair.split(",") for pair in line.attrib["points"].split()]
        lines[tone] = [(float(x), float(y)) for x, y in pairs]
    return lines


def zero_of(chart: ElementTree.Element) -> float:
    """Return how far down the line of zero is."""
    (line,) = [line for line in chart.iter() if line.attrib.get("class") == "grid zero"]
    return float(line.attrib["y1"])


@pytest.mark.parametrize(
    "amount",
    [
        lambda _, balance: balance,
        lambda number, balance: balance if number % 2 else -3 * balance,
        lambda _, balance: -balance - 50_000,
        lambda number, _: 12_345_678_901_200 + number,
        lambda number, _: number,
    ],
    ids=["as it is", "up and down", "losses", "twelve digits", "a few cents"],
)
def test_every_point_is_where_its_figure_belongs(
    pack: ManagementPack, amount: Callable[[int, int], int]
) -> None:
    altered = changed(pack, amount)
    chart = drawing(altered)
    zero = zero_of(chart)
    drawn = points(chart)
    expected = figures(altered)
    assert set(drawn) == set(TONES)
    every = [
        (value, zero - y)
        for tone in TONES
        for value, (_, y) in zip(expected[tone], drawn[tone], strict=True)
    ]
    largest, height = max(every, key=lambda point: abs(point[0]))
    for value, above in every:
        assert above == pytest.approx(value * height / largest, abs=0.11)

    box = [float(side) for side in chart.attrib["viewBox"].split()]
    xs = [x for x, _ in drawn["main"]]
    assert xs == sorted(xs)
    assert all(0 <= x <= box[2] and 0 <= y <= box[3] for line in drawn.values() for x, y in line)


def test_the_grid_has_round_figures_that_fit_its_lines(pack: ManagementPack) -> None:
    altered = changed(pack, lambda number, balance: balance if number % 2 else -balance)
    chart = drawing(altered)
    heights = [
        float(line.attrib["y1"])
        for line in chart.iter(f"{_SVG}line")
        if line.attrib["class"].startswith("grid")
    ]
    labels = [text.text or "" for text in chart.iter() if text.attrib.get("class") == "tick"]
    assert 3 <= len(labels) == len(heights) <= 8
    values = [
        -int(label.strip("()").replace(",", ""))
        if label.startswith("(")
        else int(label.replace(",", ""))
        for label in labels
    ]
    assert values == sorted(values)
    assert heights == sorted(heights, reverse=True)
    assert heights[values.index(0)] == zero_of(chart)


def test_a_month_of_nothing_but_zeros(pack: ManagementPack) -> None:
    empty = evolve(pack, months=tuple(without_lines(month) for month in pack.months))
    chart = drawing(empty)
    assert {y for line in points(chart).values() for _, y in line} == {zero_of(chart)}
    assert render.pdf(empty).startswith(b"%PDF")


def without_lines(month: FinancialPacket) -> FinancialPacket:
    result = evolve(
        month.profit_and_loss,
        revenue=(),
        expenses=(),
        total_revenue=0,
        total_expenses=0,
        net_income=0,
    )
    return evolve(month, profit_and_loss=result)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_history(pack: ManagementPack, count: int) -> None:
    short = changed(pack, lambda _, balance: balance, count)
    chart = drawing(short)
    assert {len(line) for line in points(chart).values()} == {count}
    months = [text.text for text in chart.iter() if text.attrib.get("class") == "month"]
    assert months[-1] == "May 2026"
    assert len(months) == len(set(months)) == count
    assert render.pdf(short).startswith(b"%PDF")
    assert render.xlsx(short).startswith(b"PK")


def test_lines_differ_without_their_colors(pack: ManagementPack) -> None:
    page = render.html(pack)
    dashes = re.findall(r"svg \.line\.(\w+) \{[^}]*stroke-dasharray: ([\d ]+)", page)
    assert len({pattern for _, pattern in dashes}) == 2
    shapes = {
        element.tag.removeprefix(_SVG)
        for element in drawing(pack).iter()
        if element.attrib.get("class", "").startswith("point")
    }
    assert shapes == {"circle", "rect", "polygon"}


def spoken(pack: ManagementPack) -> list[str]:
    """Return what the chart has to say in words."""
    words: list[str] = []
    for name, values in zip(NAMES, figures(pack).values(), strict=True):
        words.append(f"{name}: Jun 2025 ")
        words += [f"{value / 100:,.2f}" for value in values if value > 0]
    return words


def test_every_figure_is_there_in_words(pack: ManagementPack) -> None:
    (words,) = [element.text or "" for element in drawing(pack).iter(f"{_SVG}desc")]
    reader = PdfReader(io.BytesIO(render.pdf(pack)))
    size = int(reader.trailer["/Size"])  # type: ignore[call-overload]
    objects: list[Any] = [reader.get_object(number) for number in range(1, size)]
    alternatives = [
        str(each["/Alt"]) for each in objects if isinstance(each, dict) and "/Alt" in each
    ]
    (in_pdf,) = [text for text in alternatives if "Net income: Jun 2025" in text]
    for text in spoken(pack):
        assert text in words
        assert text in in_pdf


def test_the_workbook_has_a_chart_of_its_own_cells(pack: ManagementPack) -> None:
    content = render.xlsx(pack)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("xl/charts/chart1.xml").decode()
        drawn = archive.read("xl/drawings/drawing1.xml").decode()
    references = re.findall(r"<c:f>([^<]*)</c:f>", text)
    assert references == [
        reference
        for column in "BDF"
        for reference in (
            f"'Twelve months'!${column}$1",
            "'Twelve months'!$A$2:$A$13",
            f"'Twelve months'!${column}$2:${column}$13",
        )
    ]
    assert set(re.findall(r'prstDash val="(\w+)"', text)) == {"solid", "dash", "sysDot"}
    assert set(re.findall(r'<c:symbol val="(\w+)"', text)) == {"circle", "square", "diamond"}
    assert "Revenue, Operating expenses, Net income" in drawn

    rows = read_workbook(content)["Twelve months"]
    for name, values in zip(NAMES, figures(pack).values(), strict=True):
        place = [cell.partition(",")[0] for cell in rows[0]].index(name)
        cells = [float(row[place]) for row in rows[1:13]]
        assert cells == [value / 100 for value in values]
