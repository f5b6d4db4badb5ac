"""Several firms, companies and accounts of one's own, a clock for clients: seen through the public
client.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import (
    JournalEntry,
    JournalLine,
    LedgerHQ,
    MemoryTokenStore,
    NotFoundError,
    OAuth,
    PermissionDeniedError,
    PostingLine,
    Purchase,
    Receipt,
    ReconnectRequired,
)
from ledgerhq_ext.money import _DIGITS
from ledgerhq_ext.sandbox import Clock, Sandbox
from ledgerhq_ext.sandbox.__main__ import main
from tests.support.companies import MAPLE, organization_id
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
CALLBACK = "http://127.0.0.1:8400/callback"


def client(box: Sandbox, token: str, **settings: Any) -> LedgerHQ:
    return LedgerHQ(base_url=box.url, access_token=token, **settings)


def purchase(source: str, line: str, amount: int = 100) -> Purchase:
    lines = [PostingLine(account_id=line, amount=amount)]
    return Purchase(txn_date="2026-06-08", payee_name="x", source_account_id=source, lines=lines)


def names(hq: LedgerHQ) -> list[str]:
    return [company.name for company in hq.organizations(type="client")]


def connected(box: Sandbox, choice: str | None = None, **settings: Any) -> LedgerHQ:
    """Return a client that a person let in, picking the firm with that name on the page where there
    is one.
    """
    hq = LedgerHQ(OAuth(MemoryTokenStore()), base_url=box.url, **settings)
    request = hq.authorization_request(CALLBACK)
    with httpx.Client(verify=False) as browser:
        response = browser.get(request.url)
        if response.status_code == 200:
            response = browser.post(
                f"{box.url}/api/oauth/authorize", data=form(response.text, choice)
            )
    hq.connect(response.headers["location"], request)
    return hq


def form(page: str, choice: str | None) -> dict[str, str]:
    """Return what the browser sends when a person approves."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    values = {html.unescape(name): html.unescape(value) for name, value in fields}
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', page)
    for id, selected, name in options:
        if html.unescape(name) == choice or (choice is None and selected):
            values["firm"] = id
    return values | {"decision": "approve"}


# --- firms


def test_a_firm_sees_its_own_companies_only(box: Sandbox) -> None:
    birch = box.add_firm("Birch & Partners")
    acme = box.add_company("Acme", "EUR", firm=birch)
    maple = organization_id(box, MAPLE)
    with client(box, box.access_token(birch)) as ours, client(box, box.access_token()) as theirs:
        assert names(ours) == ["Acme"]
        assert "Acme" not in names(theirs)
        assert [firm.name for firm in ours.organizations(type="firm")] == ["Birch & Partners"]
        assert ours.organization(acme).accounts() == ()
        for hq, company in ((ours, maple), (theirs, acme)):
            with pytest.raises((PermissionDeniedError, NotFoundError)) as caught:
                hq.organization(company).accounts()
            assert caught.value.status == 403


def test_another_firm_posts_nothing(box: Sandbox) -> None:
    birch = box.add_firm("Birch & Partners")
    maple = organization_id(box, MAPLE)
    with client(box, box.access_token()) as theirs, client(box, box.access_token(birch)) as ours:
        accounts = theirs.organization(maple).accounts()
        paper = purchase(accounts.by_code("1010").id, accounts.by_code("6100").id)
        with pytest.raises(PermissionDeniedError) as caught:
            ours.organization(maple).post(paper, source=("acme", "1"))
    assert caught.value.outcome == "rejected"
    assert box.postings() == []


def test_a_person_picks_the_firm_on_the_consent_page(box: Sandbox) -> None:
    box.add_company("Acme", "EUR", firm=box.add_firm('Birch "&" <Partners>'))
    with connected(box, 'Birch "&" <Partners>') as birch, connected(box) as ledger:
        assert names(birch) == ["Acme"]
        assert len(names(ledger)) == 4


def test_one_firm_is_nothing_to_pick(box: Sandbox) -> None:
    with LedgerHQ(OAuth(MemoryTokenStore()), base_url=box.url) as hq:
        url = hq.authorization_request(CALLBACK).url
    page = httpx.get(url).text
    assert "<select" not in page
    assert "wants to connect to Ledger &amp; Co" in page


def test_a_firm_that_is_not_there_gives_no_consent(box: Sandbox) -> None:
    box.add_firm("Birch & Partners")
    with LedgerHQ(OAuth(MemoryTokenStore()), base_url=box.url) as hq:
        page = httpx.get(hq.authorization_request(CALLBACK).url).text
    strange = form(page, None) | {"firm": organization_id(box, MAPLE)}
    response = httpx.post(f"{box.url}/api/oauth/authorize", data=strange)
    assert response.status_code == 400


def test_the_page_answers_by_itself_for_a_firm(box: Sandbox) -> None:
    birch = box.add_firm("Birch & Partners")
    box.add_company("Acme", "EUR", firm=birch)
    box.approve(birch)
    with connected(box) as hq:
        assert names(hq) == ["Acme"]
    box.approve()
    with connected(box) as hq:
        assert len(names(hq)) == 4


def test_a_refresh_stays_with_its_firm(box: Sandbox) -> None:
    birch = box.add_firm("Birch & Partners")
    box.add_company("Acme", "EUR", firm=birch)
    box.approve(birch)
    with connected(box, clock=box.clock) as hq:
        box.approve()
        box.advance(4_000)
        assert names(hq) == ["Acme"]
    assert [row["event"] for row in box.oauth_log] == ["code", "refresh"]


def test_an_api_key_is_that_of_one_company(box: Sandbox) -> None:
    birch = box.add_firm("Birch & Partners")
    acme = box.add_company("Acme", "EUR", firm=birch)
    box.add_company("Other", "EUR", firm=birch)
    with LedgerHQ(base_url=box.url, api_key=box.api_key(acme)) as hq:
        assert names(hq) == ["Acme"]
        assert hq.organization(acme).record().default_currency == "EUR"


def test_a_reset_forgets_firms_and_who_approves(box: Sandbox) -> None:
    box.approve(box.add_firm("Birch & Partners"))
    box.reset()
    assert [firm["name"] for firm in box.firms] == ["Ledger & Co"]
    with LedgerHQ(OAuth(MemoryTokenStore()), base_url=box.url) as hq:
        assert httpx.get(hq.authorization_request(CALLBACK).url).status_code == 200


def test_what_is_no_firm(box: Sandbox) -> None:
    maple = organization_id(box, MAPLE)
    for call in (
        box.access_token,
        box.approve,
        lambda firm: box.add_company("Acme", "EUR", firm=firm),
    ):
        with pytest.raises(LookupError, match=maple):
            call(maple)
    with pytest.raises(ValueError, match="blank"):
        box.add_firm(" ")


# --- companies and accounts


def test_keys_are_those_of_one_company(box: Sandbox) -> None:
    receipts: list[Receipt] = []
    with client(box, box.access_token()) as hq:
        for name in ("Acme", "Solo"):
            company = box.add_company(name, "EUR")
            cash = box.add_account(company, "1", "Cash", "asset", sub_type="cash")
            costs = box.add_account(company, "2", "Costs", "expense")
            receipts.append(hq.organization(company).post(purchase(cash, costs), key="one-key"))
    assert [receipt.replayed for receipt in receipts] == [False, False]
    assert len({receipt.journal_entry_id for receipt in receipts}) == 2


@pytest.mark.parametrize("currency", ["JPY", "USD", "KWD", "CLF"])
def test_books_in_currencies_of_any_minor_unit(box: Sandbox, currency: str) -> None:
    company = box.add_company("Acme", currency)
    first = box.add_account(company, "1", "Cash", "asset", sub_type="cash")
    second = box.add_account(company, "2", "Capital", "equity")
    with client(box, box.access_token()) as hq:
        books = hq.organization(company)
        lines = [JournalLine.of(first, 1234), JournalLine.of(second, -1234)]
        books.post(JournalEntry(txn_date="2026-06-08", lines=lines), source=("acme", "1"))
        assert books.trial_balance("2026-06-01", "2026-06-30").total_debits == 1234


def test_a_company_may_have_any_currency_of_iso_4217(box: Sandbox) -> None:
    for currency in _DIGITS:
        box.add_company(f"In {currency}", currency)
    with client(box, box.access_token()) as hq:
        listed = {company.default_currency for company in hq.organizations(type="client")}
    assert listed == set(_DIGITS)


def test_an_empty_company_is_empty_and_says_so(box: Sandbox) -> None:
    company = box.add_company("Acme", "KWD")
    with client(box, box.access_token()) as hq:
        books = hq.organization(company)
        for records in (books.accounts(), books.bank_accounts(), books.tax_rates()):
            assert records == ()
        for pages in (books.contacts(), books.bills(), books.bank_transactions()):
            assert list(pages) == []
        packet = books.financial_packet("2026-06")
        assert [warning.code for warning in packet.warnings] == ["NO_ENTRIES"]
        assert "2026-06-01 and 2026-06-30" in packet.warnings[0].message
        assert packet.problems() == ()


def test_a_period_without_entries_says_so(box: Sandbox) -> None:
    with client(box, box.access_token()) as hq:
        books = hq.organization(organization_id(box, MAPLE))
        quiet = books.financial_packet("2025-01-01", "2025-01-31", include=["trialBalance"])
        assert [warning.code for warning in quiet.warnings] == ["NO_ENTRIES"]
        assert books.financial_packet("2026-06").warnings == ()


def test_a_company_with_a_history(box: Sandbox) -> None:
    company = box.add_company("Acme", "EUR", empty=False, country="DE", fiscal_year_start_month=4)
    with client(box, box.access_token()) as hq:
        books = hq.organization(company)
        assert books.record().fiscal_year_start_month == 4
        assert books.financial_packet("2026-06").problems() == ()
        assert [rate.name for rate in books.tax_rates()] == ["No tax"]
        accounts = books.accounts()
        receipt = books.post(
            purchase(accounts.by_code("1010").id, accounts.by_code("6100").id), source=("a", "1")
        )
        assert len(receipt.bank_transaction_ids) == 1
    assert len(box.bank_rows(company)) > 100


def test_an_account_keeps_to_the_rules(box: Sandbox) -> None:
    company = box.add_company("Acme", "EUR")
    dinars = box.add_account(company, "1", "Cash", "asset", sub_type="cash", currency="KWD")
    with client(box, box.access_token()) as hq:
        account = hq.organization(company).accounts().by_code("1")
    assert (account.id, account.currency_code, account.sub_type) == (dinars, "KWD", "cash")
    with pytest.raises(ValueError, match="already exists"):
        box.add_account(company, "1", "Till", "asset")
    with pytest.raises(ValueError, match="'cash' is not a valid account type"):
        box.add_account(company, "2", "Till", "cash")
    with pytest.raises(ValueError, match="'ZZZ' is not a valid currency"):
        box.add_account(company, "2", "Till", "asset", currency="ZZZ")
    with pytest.raises(LookupError, match="org_nowhere"):
        box.add_account("org_nowhere", "2", "Till", "asset")


@pytest.mark.parametrize("currency", ["XAU", "eur", "EURO", ""])
def test_what_is_no_currency_of_a_company(box: Sandbox, currency: str) -> None:
    with pytest.raises(ValueError, match="not a valid currency"):
        box.add_company("Acme", currency)


# --- ids by seed


def ids(seed: int | None) -> set[str]:
    """Return every id of a box with a firm and two companies of its own."""
    box = Sandbox(seed=seed)
    birch = box.add_firm("Birch & Partners")
    company = box.add_company("Acme", "EUR", firm=birch, empty=False)
    box.add_account(company, "9", "Cash", "asset")
    tables = (
        "organizations",
        "accounts",
        "contacts",
        "taxRates",
        "bankAccounts",
        "documents",
        "bankRows",
        "entries",
    )
    rows = [row["id"] for table in tables for row in box.rows(f"SELECT id FROM {table}")]
    rows += [row["externalTransactionId"] for row in box.bank_rows()]
    box.close()
    return set(rows)


def test_boxes_of_two_seeds_share_no_id() -> None:
    one = ids(1)
    assert one == ids(1)
    assert one.isdisjoint(ids(2))
    assert one.isdisjoint(ids(None))


def test_a_state_in_a_file_keeps_firms_and_their_grants(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    with Sandbox(state=path, seed=1) as box:
        birch = box.add_firm("Birch & Partners")
        company = box.add_company("Acme", "KWD", firm=birch)
        box.add_account(company, "1", "Cash", "asset")
        token = box.access_token(birch)
    with Sandbox(state=path, seed=1) as box, client(box, token) as hq:
        assert names(hq) == ["Acme"]
        assert hq.organization(company).accounts().by_code("1").currency_code == "KWD"
        assert box.add_firm("Third") not in (birch, company)


# --- the command


def serve_once(*arguments: str) -> str:
    """Run the command until it serves; return what it printed."""
    command = [sys.executable, "-m", "ledgerhq_ext.sandbox", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        text = ""
        for line in process.stdout:
            text += line
            if "LEDGERHQ_API_KEY" in line:
                process.terminate()
        assert process.wait(PATIENCE) == 0
    return text


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_the_command_adds_firms_and_companies_once(tmp_path: Path) -> None:
    path = str(tmp_path / "box.db")
    added = [
        "--company",
        "First:USD",
        "--firm",
        "Birch",
        "--company",
        "Acme: Trading:KWD",
        "--company",
        "Solo:EUR",
    ]
    for _ in range(2):
        assert "Birch\n  Acme: Trading          KWD" in serve_once(
            "--state", path, *added, "--empty"
        )
    box = Sandbox(state=path)
    firms = {firm["id"]: firm["name"] for firm in box.firms}
    companies = [(firms[row["firmId"]], row["name"]) for row in box.clients]
    assert companies.count(("Ledger & Co", "First")) == 1
    assert companies.count(("Birch", "Acme: Trading")) == 1
    assert companies.count(("Birch", "Solo")) == 1
    assert len(companies) == 7
    [solo] = [row for row in box.clients if row["name"] == "Solo"]
    assert box.entries(solo["id"]) == []
    box.close()


@pytest.mark.parametrize("company", ["Acme", ":EUR", ""])
def test_the_command_names_what_is_no_company(
    company: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--company", company])
    assert "is not a valid company" in capsys.readouterr().err


def test_the_command_names_what_is_no_currency(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--company", "Acme:ZZZ"]) == 2
    assert "'ZZZ' is not a valid currency" in capsys.readouterr().err


# --- the clock


def test_a_client_goes_by_the_clock_of_the_box() -> None:
    with (
        Sandbox(clock=Clock(frozen=True), auto_approve=True) as box,
        connected(box, clock=box.clock) as hq,
    ):
        moment = box.clock.moment()
        assert box.clock.now() == moment.timestamp()
        names(hq)
        box.clock.advance(3_300)
        names(hq)
        box.clock.advance(3_700)
        assert len(names(hq)) == 4
        assert box.clock.moment() - moment == dt.timedelta(seconds=7_000)
        refreshes = [row for row in box.oauth_log if row["event"] == "refresh"]
        assert 1 <= len(refreshes) <= 2
        assert {row["outcome"] for row in refreshes} == {"ok"}
        month = hq.organization(organization_id(box, MAPLE)).period("month to date")
        assert month.end == box.clock.moment().date()


def test_a_grant_ends_by_the_clock_of_the_box() -> None:
    with Sandbox(auto_approve=True) as box, connected(box, clock=box.clock) as hq:
        box.clock.advance(31 * 86_400)
        with pytest.raises(ReconnectRequired):
            names(hq)


def test_time_does_not_go_back() -> None:
    clock = Clock()
    before = clock.monotonic()
    for seconds in (-1, float("nan")):
        with pytest.raises(ValueError, match="time does not go back"):
            clock.advance(seconds)
    with pytest.raises(OverflowError):
        clock.advance(float("inf"))
    clock.advance(60)
    assert 60 <= clock.monotonic() - before < 600
