"""Reads documents back, by other means than they were written with."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree

from attrs import define, field

Rows = list[list[str]]


@define
class Page(HTMLParser):
    """The tables (by id: rows of cell texts), the tags, ids and links of an HTML page."""

    tables: dict[str, Rows] = field(factory=dict)
    tags: list[tuple[str, dict[str, str | None]]] = field(factory=list)
    texts: dict[str, str] = field(factory=dict)
    _table: str = ""
    _above: bool = False
    _inside: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self._inside.append(tag)
        if tag == "table":
            self._table = re.sub(r"-table(-\d+)?$", "-table", given["id"] or "")
            self.tables.setdefault(self._table, [])
        elif tag == "tr" and given.get("class") == "again":
            # What stands above the columns on paper is no row.
            self._above = True
        elif tag == "tr" and self._table:
            self.tables[self._table].append([])
        elif tag in ("td", "th") and self._table and not self._above:
            self.tables[self._table][-1].append("")
            # A heading spans the code column.
            self.tables[self._table][-1] += [""] * (int(given.get("colspan") or 1) - 1)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""
        elif tag == "tr":
            self._above = False
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag = self._inside[-1] if self._inside else ""
        self.texts[tag] = self.texts.get(tag, "") + data
        if self._table and not self._above and tag in ("td", "th", "small"):
            self.tables[self._table][-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        """Every id."""
        return [value for _, attrs in self.tags if (value := attrs.get("id"))]


def read_page(text: str) -> Page:
    """An HTML page."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def cents(text: str, places: int = 2, point: str = ".") -> int:
    """The cents of a written amount: parentheses are minus, a dash or nothing is zero."""
    if text in ("", "–"):
        return 0
    sign = -1 if text.startswith("(") and text.endswith(")") else 1
    major, _, minor = text.strip("()").partition(point)
    assert len(minor) == places, text
    return sign * int(re.sub(r"[^0-9]", "", major) + minor)


_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


_CELL = r"[A-Z]{1,2}[0-9]+"
_AMOUNT = rf"ROUND\((SUM\({_CELL}:{_CELL}\)|-?{_CELL}([+-]{_CELL})*),[0-4]\)"
_FORMULA = re.compile(rf"{_AMOUNT}|ROUND\({_AMOUNT}/ABS\({_CELL}\),3\)")


def _stored(cell: ElementTree.Element) -> str:
    parts = [part for part in cell if part.tag != f"{_SHEET}f"]
    return "".join(text for part in parts for text in part.itertext())


def read_workbook(data: bytes) -> dict[str, Rows]:
    """The cells of every sheet, as they are stored, formulas by their results.

    Formulas other than totals and changes are refused.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{_SHEET}sheet")]
        sheets = {}
        for number, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            for formula in sheet.iter(f"{_SHEET}f"):
                assert _FORMULA.fullmatch(formula.text or ""), formula.text
            assert not list(sheet.iter(f"{_SHEET}hyperlink")), "a link"
            sheets[name] = [
                [_stored(cell) for cell in row.iter(f"{_SHEET}c")]
                for row in sheet.iter(f"{_SHEET}row")
            ]
    return sheets


_SUM = re.compile(r"SUM\(([A-Z]+)([0-9]+):[A-Z]+([0-9]+)\)")


def calculated(data: bytes) -> dict[tuple[str, str], tuple[float, float]]:
    """The stored result of every formula, and what a spreadsheet makes of it, by sheet and cell.

    Spreadsheets calculate in binary, from left to right, and round what they show by 15 digits.
    """
    results: dict[tuple[str, str], tuple[float, float]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            cells = {
                cell.attrib["r"]: cell
                for cell in ElementTree.fromstring(archive.read(name)).iter(f"{_SHEET}c")
            }
            values: dict[str, float] = {}
            for place, cell in cells.items():
                if cell.attrib.get("t") is None and _stored(cell):
                    values[place] = float(_stored(cell))
            for place, cell in cells.items():
                formula = cell.findtext(f"{_SHEET}f")
                if formula is not None:
                    results[name, place] = (values[place], _calculated(formula, values))
    return results


def _calculated(formula: str, values: dict[str, float]) -> float:
    def total(match: re.Match[str]) -> str:
        column, first, last = match.groups()
        cells = [f"{column}{number}" for number in range(int(first), int(last) + 1)]
        # One after the other: Python's own sum makes up for what is lost.
        return "(" + "+".join(cell for cell in cells if cell in values) + ")"

    text = _SUM.sub(total, formula)
    text = re.sub(_CELL, lambda match: repr(values.get(match[0], 0.0)), text)
    value = eval(text, {"ROUND": _rounded, "ABS": abs})
    return float(value)


def _rounded(number: float, digits: int) -> float:
    shown = Decimal(f"{number:.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
