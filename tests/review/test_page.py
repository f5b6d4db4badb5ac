"""The review page in a real browser: cards on a phone, a table on a laptop, in the dark, on paper."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ledgerhq_ext import review
from tests.render.browser import ask, axe, needed, printed

from .test_candidates import bill, entry, row, table

pytestmark = [pytest.mark.slow, needed]

LONG = "A payee with a name that does not end anywhere soon Aktiengesellschaft" + "x" * 60
BILLION = 123_456_789_012


def many() -> review.ReviewTable:
    """Return rows of every kind: booked, with candidates, pending, with long words and amounts."""
    return table(
        row(),
        row(
            id="row-2",
            journal_entry_id="entry-1",
            account_id="a",
            account_code="6100",
            account_name="Supplies",
        ),
        row(id="row-3", pending=True, payee=LONG, reference="R" * 80),
        row(id="row-4", amount=BILLION, description=LONG),
        row(id="row-5", amount=-BILLION, pending=True, account_id="a", account_name=LONG),
        bills=[bill(), bill(id="bill-2", bill_number="B" * 60)],
        entries=[entry(), entry(id="entry-2", description=LONG)],
    )


@pytest.mark.parametrize("width", [320, 360, 390])
def test_a_phone_shows_cards_and_cuts_nothing_off(width: int) -> None:
    """A window has a least width, so the page is asked in a frame of that width."""
    framed: Any = ask(
        f'<body><iframe style="width:{width}px;height:900px;border:0"></iframe></body>',
        f"""
        const frame = document.querySelector("iframe");
        await new Promise(loaded => {{ frame.onload = loaded; frame.srcdoc = {as_script(many().html())}; }});
        const page = frame.contentDocument;
        const parts = [...page.querySelectorAll("body *:not(.unseen):not(thead *):not(thead)")];
        const wide = parts.filter(part => part.getBoundingClientRect().right > {width});
        const cards = [...page.querySelectorAll("tbody tr")].map(card => card.getBoundingClientRect());
        return {{
            wide: wide.map(part => part.outerHTML.slice(0, 120)),
            scrolls: page.documentElement.scrollWidth,
            broken: [...page.querySelectorAll("dd, td.n, td.m")].filter(figure => {{
                const range = page.createRange();
                range.selectNodeContents(figure.firstChild);
                return range.getClientRects().length !== 1;
            }}).map(figure => figure.textContent),
            widths: cards.map(card => Math.round(card.width)),
            stacked: page.querySelector(".belongs li").getBoundingClientRect().top
                >= page.querySelector("tbody th").getBoundingClientRect().bottom,
            below: cards.slice(1).every((card, at) => card.top >= cards[at].bottom),
        }};
        """,
    )
    assert framed["wide"] == []
    assert framed["broken"] == []
    assert framed["scrolls"] <= width
    assert len(framed["widths"]) == 5
    assert min(framed["widths"]) > 0.8 * width
    assert framed["below"]
    assert framed["stacked"]


def as_script(text: str) -> str:
    """Return a text as a literal of a script that stands in a page."""
    policy_free = text.replace('http-equiv="Content-Security-Policy"', 'name="policy"')
    return json.dumps(policy_free).replace("</", "<\\/")


@pytest.mark.sample
def test_a_laptop_shows_a_table_without_cutting_anything_off() -> None:
    script = """
        const parts = [...document.querySelectorAll("body *:not(.unseen)")];
        const wide = parts.filter(part => part.getBoundingClientRect().right > innerWidth);
        const cells = [...document.querySelectorAll("tbody tr")[3].children].map(cell => cell.getBoundingClientRect());
        return {
            wide: wide.map(part => part.outerHTML.slice(0, 120)),
            beside: cells.slice(1).every((cell, at) => cell.left >= cells[at].right - 1),
        };
    """
    assert ask(many().html(), script) == {"wide": [], "beside": True}


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_axe_finds_nothing(look: str) -> None:
    page = many().html()
    if look == "dark":
        page = page.replace("(prefers-color-scheme: dark)", "all")
    assert axe(page, (500, 900) if look == "narrow" else (1280, 1000)) == []


def test_paper_has_every_row_and_the_heading_on_every_page(tmp_path: Path) -> None:
    first = dt.date(2026, 6, 1)
    rows = [
        row(id=f"row-{number:03}", payee=f"Payee {number:03}", date=first) for number in range(60)
    ]
    reader = PdfReader(printed(table(*rows).html(), tmp_path / "page.pdf"))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 1
    assert all("Likely account" in page for page in pages)
    words = "\n".join(pages)
    assert all(f"Payee {number:03}" in words for number in range(60))
