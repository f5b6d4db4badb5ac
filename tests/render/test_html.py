"""The HTML: what stands in it, that every figure is the packet's, that nothing in it can act."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from pathlib import Path

import jinja2
import pytest
from attrs import evolve
from hypothesis import given, settings

from ledgerhq_ext import render
from ledgerhq_ext._plain import plain
from ledgerhq_ext.money import digits
from ledgerhq_ext.reports.packet import FinancialPacket

from .packets import HOSTILE, LOGO, bank, broken, earlier, hostile, ledger, packet, packets
from .reading import Page, cents, read_page


def _table(page: Page, name: str) -> list[list[str]]:
    return page.tables[name][1:]


@settings(max_examples=25)
@given(packets())
def test_every_figure_on_the_page_is_the_packets(shown: FinancialPacket) -> None:
    page, places = read_page(render.html(shown)), digits(shown.organization.default_currency)

    def amounts(name: str, *columns: int) -> list[tuple[int, ...]]:
        rows = [row for row in _table(page, name) if any(row[column] for column in columns)]
        return [tuple(cents(row[column], places) for column in columns) for row in rows]

    result, sheet, trial = shown.profit_and_loss, shown.balance_sheet, shown.trial_balance
    book, status = shown.general_ledger, shown.bank_reconciliation_status
    assert amounts("profit-and-loss-table", 2) == [
        *((line.balance,) for line in result.revenue),
        (result.total_revenue,),
        *((line.balance,) for line in result.expenses),
        (result.total_expenses,),
        (result.net_income,),
    ]
    expected = [
        [*((line.balance,) for line in section.accounts), (section.total,)]
        for section in (sheet.assets, sheet.liabilities, sheet.equity)
    ]
    assert amounts("balance-sheet-table", 2) == [
        *(row for section in expected for row in section),
        (sheet.liabilities.total + sheet.equity.total,),
    ]
    trials = [
        tuple(cents(cell, places) for cell in row[3:5])
        for row in _table(page, "trial-balance-table")
    ]
    assert trials == [
        *((line.debit_balance, line.credit_balance) for line in trial.accounts),
        (trial.total_debits, trial.total_credits),
    ]
    (account,) = status.accounts
    assert amounts("bank-balances", 2, 3) == [(account.balance, account.balance_discrepancy)]
    assert amounts("bank-aging", 1) == [(account.unreconciled.total,)]
    written = []
    for name in (name for name in page.tables if name.startswith("account-")):
        lines = [row for row in _table(page, name) if row[1]]
        written += [tuple(cents(cell, places) for cell in row[3:]) for row in lines]
    assert Counter(written) == Counter(
        (line.debit, line.credit, line.running_balance) for line in book.lines
    )


def test_tables_are_real_ones() -> None:
    page = read_page(render.html(packet()))
    tables, captions = page.all("table"), page.texts["caption"]
    assert len(tables) == 12
    assert "Profit and loss" in captions
    assert len(page.all("caption")) == len(tables)
    assert {head.get("scope") for head in page.all("th")} == {"col", "row", "colgroup"}


def test_links_lead_somewhere_and_ids_are_unique() -> None:
    page = read_page(render.html(packet()))
    assert len(page.ids) == len(set(page.ids))
    targets = [(link["href"] or "").removeprefix("#") for link in page.all("a")]
    assert {"profit-and-loss", "general-ledger", "account-1000"} <= set(targets) <= set(page.ids)


def test_accounts_whose_codes_are_no_anchors_still_have_one() -> None:
    book = ledger([5, 7], accounts=3)
    lines = tuple(evolve(line, account_code="a b/ü") for line in book.lines)
    page = read_page(render.html(evolve(packet(), general_ledger=evolve(book, lines=lines))))
    assert {"account-number-1", "account-number-2", "account-number-3"} <= set(page.ids)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    text = render.html(hostile(), render.Options(logo=LOGO))
    page = read_page(text)
    assert not {"script", "link", "iframe", "object", "form", "base"} & {
        tag for tag, _ in page.tags
    }
    assert [image["src"] for image in page.all("img")] == [
        f"data:image/png;base64,{base64.b64encode(LOGO).decode()}"
    ]
    assert not [
        attrs
        for _, attrs in page.tags
        if any(name.startswith("on") or name == "style" for name in attrs)
    ]
    assert not re.search(r"url\(|@import", text)


def test_the_policy_allows_the_style_sheet_by_its_digest() -> None:
    text = render.html(packet())
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    policy = next(meta["content"] for meta in read_page(text).all("meta") if meta.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in (policy or "")
    assert "default-src 'none'" in (policy or "")


def test_hostile_names_come_out_as_text() -> None:
    text = render.html(hostile())
    page = read_page(text)
    assert plain(HOSTILE) in page.texts["th"]
    assert plain(HOSTILE) in page.texts["bdi"]
    assert "<b>x" not in text
    assert not {"\u202e", "\u2066", "\x00", "\x1b", "\u200b", "\ud800"} & set(text)
    assert "{{ 7*7 }}" in text
    text.encode()


def test_a_packet_that_does_not_tie_cannot_look_as_if_it_did() -> None:
    page, good = read_page(render.html(broken())), read_page(render.html(packet()))
    assert page.texts["title"].startswith("DOES NOT TIE")
    assert {"role": "alert"}.items() <= next(
        tag for tag in page.all("section") if tag.get("class") == "problems"
    ).items()
    # In the words of its reader: the statement by its title, and amounts as they stand elsewhere.
    for problem in (
        "Balance sheet: total assets = sum of its lines: differs, $89,741.35 against $89,741.34",
        "Balance sheet: assets = liabilities and equity: differs, $89,741.35 against $89,741.34",
    ):
        assert problem in page.texts["li"]
    assert len(broken().problems()) == 2
    assert page.texts["span"].count("does not tie") == 1
    opened = [attrs for attrs in page.all("details") if attrs.get("class") == "section bad"]
    assert len(opened) == 1
    assert "open" in opened[0]
    assert "✓" not in "".join(page.texts.values())
    assert "2 differ" in page.texts["a"]
    assert "✓" in good.texts["span"]
    assert "all tie; 4 not checkable" in good.texts["a"]
    assert good.texts["title"].startswith("Maple Street Coffee")


def test_the_checks_of_a_packet_stand_in_a_table() -> None:
    """The packet has 36 rows of it or fewer, however long its ledger is."""
    shown = packet(lines=2000)
    rows = _table(read_page(render.html(shown)), "checks-table")
    assert len(rows) == len(shown.checks()) < 36
    by_rule = {row[0]: row[1:] for row in rows}
    assert by_rule["net income = revenue less expenses"] == [
        "",
        "39,087.22",
        "39,087.22",
        "1",
        "ties",
    ]
    assert by_rule["debits of an entry = its credits"] == [
        "",
        "45,584.66",
        "45,584.66",
        "1,003",
        "ties",
    ]
    assert by_rule["ledger lines = total lines"] == ["", "", "", "1", "ties: 2006 and 2006 rows"]
    assert by_rule["bank balance = ledger balance"][-1].startswith(
        "not checkable, because it is the balance on the day"
    )


def test_a_page_with_many_differences_can_be_read() -> None:
    shown = packet(lines=2000)
    book = shown.general_ledger
    wrong = tuple(evolve(line, debit=line.debit + 1) for line in book.lines)
    shown = evolve(shown, general_ledger=evolve(book, lines=wrong))
    assert len(shown.problems()) > 1000
    page = read_page(render.html(shown, compare=evolve(shown, period=earlier().period)))
    differences = [row for row in _table(page, "checks-table") if row[-1] == "differs"]
    assert next(row[4] for row in differences if row[1] == "others") == "903"
    assert len(differences) < 250
    assert page.texts["li"].count("against") < 30
    assert f"and {len(shown.problems()) - 12} more: see Checks" in page.texts["li"]
    assert page.texts["li"].count("more") == 2


def test_the_digest_of_the_packet_and_the_options_stand_in_it() -> None:
    text, options = render.html(packet(), render.Options(footer="Not audited")), "Not audited"
    assert render.fingerprint(packet()) in text
    assert options in next(
        m["content"] or ""
        for m in read_page(text).all("meta")
        if m.get("name") == "ledgerhq:options"
    )


def test_warnings_of_the_service_are_shown() -> None:
    assert HOSTILE.split("<")[0] in read_page(render.html(hostile())).texts["li"]


def test_a_comparison_adds_the_prior_period_and_the_change() -> None:
    page = read_page(render.html(packet(), compare=earlier()))
    rows = {
        row[1]: [cents(cell) for cell in row[2:5]] + row[5:]
        for row in _table(page, "profit-and-loss-table")
        if any(row[2:])
    }
    assert rows["Sales"] == [4233594, 4000000, 233594, "5.8 %"]
    assert rows["Travel"] == [0, 12345, -12345, "(100.0 %)"]
    assert rows["Refunds"] == [-1500, 0, -1500, ""]
    assert rows["Net income"][:2] == [3908722, 3667655]
    assert "compared with May 1, 2026" in page.texts["p"]


def test_a_comparison_tells_of_a_prior_packet_that_does_not_tie() -> None:
    page = read_page(
        render.html(evolve(packet(), period=earlier().period), compare=broken_before())
    )
    assert "prior period, May 2026, Balance sheet" in page.texts["li"]


def broken_before() -> FinancialPacket:
    return evolve(broken(), period=earlier().period)


def test_statements_come_alone() -> None:
    whole = packet()
    alone = evolve(
        whole,
        profit_and_loss=None,
        balance_sheet=None,
        general_ledger=None,
        bank_reconciliation_status=None,
        trial_balance=whole.trial_balance,
    )
    page = read_page(render.html(alone))
    assert list(page.tables) == ["trial-balance-table", "checks-table"]
    assert "Total debits" in page.texts["dt"]


def test_long_accounts_are_split_into_tables_that_a_browser_lays_out_one_by_one() -> None:
    page = read_page(render.html(packet(lines=2000)))
    assert [name for name in page.ids if name.startswith("account-1000-table")] == [
        "account-1000-table",
        *(f"account-1000-table-{part}" for part in range(2, 6)),
    ]
    assert page.texts["td"].count("Till close") == 2000


def test_an_opening_balance_is_shown_only_where_it_follows() -> None:
    book = packet().general_ledger
    page = read_page(render.html(packet()))
    assert "Opening balance" in page.texts["td"]
    odd = evolve(
        book, lines=tuple(evolve(line, running_balance=line.entry_number**2) for line in book.lines)
    )
    page = read_page(render.html(evolve(packet(), general_ledger=odd)))
    assert "Opening balance" not in page.texts["td"]
    assert "does not include the opening balance of this account" in page.texts["p"]


def test_files_appear_when_they_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "packet.html"
    path.write_text("the one before")
    with pytest.raises(ValueError, match="mistake"):
        render.write_html(
            evolve(packet(), general_ledger=evolve(ledger([5]), lines=_Mistake())), path
        )
    assert path.read_text() == "the one before"
    render.write_html(packet(), path)
    assert path.read_text(encoding="utf-8") == render.html(packet())
    assert [file.name for file in tmp_path.iterdir()] == ["packet.html"]


class _Mistake(tuple[()]):
    __slots__ = ()

    def __iter__(self) -> object:  # type: ignore[override]
        raise ValueError("mistake")


def test_blocks_and_style_can_be_replaced_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "packet.html").write_text(
        '{% extends "ledgerhq/packet.html" %}{% block cover %}<h1>Ours: {{ document.organization }}</h1>{% endblock %}'
    )
    (tmp_path / "style.css").write_text(
        '{% include "ledgerhq/style.css" %}\nh1 { color: rebeccapurple }'
    )
    text = render.html(hostile(), render.Options(templates=tmp_path))
    assert "Ours: " + plain(HOSTILE) in read_page(text).texts["h1"]
    assert "rebeccapurple" in text
    assert "Profit and loss" in text
    assert "<b>x" not in text


def test_templates_are_compiled_for_the_first_document_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = render.html(packet())
    monkeypatch.delattr(jinja2.Environment, "compile")
    assert render.html(packet()) == first


def test_an_own_template_may_change_between_two_documents(tmp_path: Path) -> None:
    own = tmp_path / "packet.html"
    pages = []
    for words in ("Mine.", "Ours."):
        moment = own.stat().st_mtime_ns if own.exists() else 0
        own.write_text(words, encoding="utf-8")
        os.utime(own, ns=(moment, moment))
        pages.append(render.html(packet(), render.Options(templates=tmp_path)))
    assert pages == ["Mine.", "Ours."]


def test_empty_packets_are_documents_too() -> None:
    bare = evolve(
        packet(),
        profit_and_loss=None,
        balance_sheet=None,
        trial_balance=None,
        general_ledger=None,
        bank_reconciliation_status=None,
    )
    page = read_page(render.html(bare))
    assert page.tables == {}
    assert "✓" not in page.texts.get("span", "")
    status = evolve(bank(), accounts=())
    assert "Unreconciled rows" in render.html(evolve(bare, bank_reconciliation_status=status))
