"""Texts: free ones are normalized before their bytes are fixed; identifiers are refused, never
changed.
"""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgerhq_ext import AsyncLedgerHQ, InputError, Purchase, PurchaseLine, idempotency_key
from ledgerhq_ext._bodies import MatchTo, Reclassify, SplitDocuments, VoidEntry
from ledgerhq_ext._idempotency import check_key, check_text
from ledgerhq_ext._texts import normalized
from ledgerhq_ext._wire import to_wire
from ledgerhq_ext.store import Store
from tests.support.clients import BASE, ORG, TOKEN, client
from tests.support.postings import DAY, LINE, PURCHASE
from tests.support.responses import Script, receipt

from .test_postings import GOOD
from .test_records_as_data import ACCOUNT

pytestmark = pytest.mark.slow

# --- free texts

WITH_TEXTS: dict[type, Any] = {
    **GOOD,
    Reclassify: Reclassify(account_id="acc_1"),
    MatchTo: MatchTo(match_type="bill"),
    SplitDocuments: SplitDocuments(allocations=(), date=DAY),
    VoidEntry: VoidEntry(),
}
TEXT_NAMES = {"memo", "description", "payee_name", "payer_name", "reference", "reason", "method"}
TEXT_FIELDS = [
    pytest.param(kind, field.name, id=f"{kind.__name__}.{field.name}")
    for kind in WITH_TEXTS
    for field in attrs.fields(kind)
    if field.name in TEXT_NAMES
]
NOT_FREE = {"currency_code", "document_type", "match_type"}


def test_every_text_is_an_id_a_word_or_free() -> None:
    for kind in WITH_TEXTS:
        for field in attrs.fields(kind):
            is_text = str(field.type) in ("str", "str | None")
            if is_text and field.name not in TEXT_NAMES | NOT_FREE:
                assert field.name.endswith("_id"), f"{kind.__name__}.{field.name}"


@pytest.mark.sample
@pytest.mark.parametrize(("kind", "name"), TEXT_FIELDS)
@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("one\r\r\n\rtwo", "one\n\n\ntwo"),
        ("Cafe\u0301", "Café"),
        ("10 \u212b", "10 \u00c5"),
        ("  no blank\u00a0is lost ", "  no blank\u00a0is lost "),
        ("ＡＢＣ ½ ﬁ", "ＡＢＣ ½ ﬁ"),
    ],
    ids=["line ends", "bare returns", "decomposed", "singleton", "blanks", "compatibility"],
)
def test_a_free_text_is_normalized(kind: type, name: str, text: str, stored: str) -> None:
    assert getattr(attrs.evolve(WITH_TEXTS[kind], **{name: text}), name) == stored


@given(st.text())
@example("\r\r\n")
@example("\u0344\u0301")
def test_once_is_enough(text: str) -> None:
    once = normalized(text)
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)
    assert normalized(once) == once


def test_a_required_text_of_line_ends_is_empty() -> None:
    with pytest.raises(InputError, match="payee_name must not be empty"):
        attrs.evolve(PURCHASE, payee_name="\r\n")


def test_a_refused_control_character_is_named() -> None:
    with pytest.raises(
        InputError, match=r"memo must not contain control characters.*U\+0007\) as character 5"
    ):
        attrs.evolve(PURCHASE, memo="bell\x07")


def in_two_spellings() -> tuple[Purchase, Purchase]:
    """Return one purchase as two systems write it."""
    lines = [PurchaseLine(account_id="acc_2", amount=4299, description="Zoe\u0308\r\nRoom 4")]
    one = attrs.evolve(PURCHASE, payee_name="Café", memo="a\r\nb", lines=lines)
    lines = [PurchaseLine(account_id="acc_2", amount=4299, description="Zo\u00eb\nRoom 4")]
    other = attrs.evolve(PURCHASE, payee_name="Cafe\u0301", memo="a\rb", lines=lines)
    return one, other


def test_two_spellings_are_the_same_bytes() -> None:
    script = Script(receipt)
    books = client(script).organization(ORG)
    for purchase in in_two_spellings():
        books.post(purchase, source=("acme-pos", "1001"))
    first, second = script.requests
    assert first.content == second.content
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert json.loads(first.content)["memo"] == "a\nb"


def test_two_spellings_are_one_row_of_the_outbox(tmp_path: Path) -> None:
    with Store(tmp_path / "books.db") as store:
        rows = [
            store.outbox().add(ORG, purchase, source=("acme-pos", "1"))
            for purchase in in_two_spellings()
        ]
        assert rows[0].id == rows[1].id


# --- identifiers

REFUSED = {
    "\ufeffTX-1": ("ZERO WIDTH NO-BREAK SPACE", "U+FEFF", 1),
    "\ufffeTX-1": ("without a name", "U+FFFE", 1),
    "TX-1 ": ("SPACE", "U+0020", 5),
    " TX-1": ("SPACE", "U+0020", 1),
    "TX-1\t": ("without a name", "U+0009", 5),
    "TX-1\r\n": ("without a name", "U+000D", 5),
    "TX-1\u00a0": ("NO-BREAK SPACE", "U+00A0", 5),
    "TX\u00a0-1": ("NO-BREAK SPACE", "U+00A0", 3),
    "TX\u202f-1": ("NARROW NO-BREAK SPACE", "U+202F", 3),
    "TX\u2009-1": ("THIN SPACE", "U+2009", 3),
    "TX\u3000-1": ("IDEOGRAPHIC SPACE", "U+3000", 3),
    "TX-1\u2028": ("LINE SEPARATOR", "U+2028", 5),
    "TX-1\u2029": ("PARAGRAPH SEPARATOR", "U+2029", 5),
    "TX\u200b-1": ("ZERO WIDTH SPACE", "U+200B", 3),
    "TX\u200d-1": ("ZERO WIDTH JOINER", "U+200D", 3),
    "TX\u2060-1": ("WORD JOINER", "U+2060", 3),
    "TX\u00ad-1": ("SOFT HYPHEN", "U+00AD", 3),
    "\u202eTX-1": ("RIGHT-TO-LEFT OVERRIDE", "U+202E", 1),
    "TX-1\u202c": ("POP DIRECTIONAL FORMATTING", "U+202C", 5),
    "TX-1\u200e": ("LEFT-TO-RIGHT MARK", "U+200E", 5),
    "TX\u034f-1": ("COMBINING GRAPHEME JOINER", "U+034F", 3),
    "TX-1\ufe0f": ("VARIATION SELECTOR-16", "U+FE0F", 5),
    "TX-1\U000e0101": ("VARIATION SELECTOR-18", "U+E0101", 5),
    "TX-1\U000e0041": ("TAG LATIN CAPITAL LETTER A", "U+E0041", 5),
    "TX-1\u3164": ("HANGUL FILLER", "U+3164", 5),
    "TX-1\u2800": ("BRAILLE PATTERN BLANK", "U+2800", 5),
    "TX\u2011\u0031": ("NON-BREAKING HYPHEN", "U+2011", 3),
    "TX\u20101": ("HYPHEN", "U+2010", 3),
    "TX-\uff11": ("FULLWIDTH DIGIT ONE", "U+FF11", 4),
    "TX\ufe63\u0031": ("SMALL HYPHEN-MINUS", "U+FE63", 3),
    "TX-\U0001d7cf": ("MATHEMATICAL BOLD DIGIT ONE", "U+1D7CF", 4),
    "\ufe8d-1": ("ARABIC LETTER ALEF ISOLATED FORM", "U+FE8D", 1),
    "5\u00b5": ("MICRO SIGN", "U+00B5", 2),
    "\u01c6-1": ("LATIN SMALL LETTER DZ WITH CARON", "U+01C6", 1),
    "TX\u20241": ("ONE DOT LEADER", "U+2024", 3),
    "TX-\u2163": ("ROMAN NUMERAL FOUR", "U+2163", 4),
    "\u2f00-1": ("KANGXI RADICAL ONE", "U+2F00", 1),
    "o\ufb03ce-1": ("LATIN SMALL LIGATURE FFI", "U+FB03", 2),
    "Cafe\u0301-1": ("COMBINING ACUTE ACCENT", "U+0301", 5),
    "TX-\u212b": ("ANGSTROM SIGN", "U+212B", 4),
    "TX-\ud800": ("without a name", "U+D800", 4),
}
each_refused = pytest.mark.parametrize("text", REFUSED, ids=[ascii(text)[1:-1] for text in REFUSED])

LEGAL = [
    "TX-1",
    "TX  1",
    "café",
    "取引-1",
    "ﾌﾘｺﾐ",
    "١٠٠١",
    "ТХ-1",
    "O0l1I",
    "m²½№5",
    "a–b",
    "\U0001f9fe",
    "نامه",
]


class Doors:
    """Every place where a source or a partner id comes in. Nothing gets out of it."""

    def __init__(self, folder: Path) -> None:
        self.script = Script(receipt)
        self.store = Store(folder / "books.db")
        self.books = client(self.script).organization(ORG)

    def post(self, text: str) -> object:
        return self.books.post(PURCHASE, source=("bank", text))

    def post_awaited(self, text: str) -> object:
        async def post() -> object:
            transport = httpx.MockTransport(self.script)
            async with AsyncLedgerHQ(base_url=BASE, access_token=TOKEN, transport=transport) as hq:
                return await hq.organization(ORG).post(PURCHASE, source=("bank", text))

        return asyncio.run(post())

    def post_of_a_system(self, text: str) -> object:
        return self.books.post(PURCHASE, source=(text, "1001"))

    def outbox(self, text: str) -> object:
        return self.store.outbox().add(ORG, PURCHASE, source=("bank", text))

    def outbox_with_a_key(self, text: str) -> object:
        return self.store.outbox().add(
            ORG, PURCHASE, source=("bank", text), key=f"key-{len(self.store.outbox().postings())}"
        )

    def outbox_post(self, text: str) -> object:
        return self.store.outbox().post(self.books, PURCHASE, source=("bank", text))

    def key(self, text: str) -> object:
        return idempotency_key(ORG, "purchase", "bank", text)

    def client(self, text: str) -> object:
        return self.store.clients.link(text, ORG)

    def account(self, text: str) -> object:
        return self.store.accounts(ORG).link(text, attrs.evolve(ACCOUNT, organization_id=ORG))


DOORS: list[Callable[[Doors, str], object]] = [
    Doors.post,
    Doors.post_awaited,
    Doors.post_of_a_system,
    Doors.outbox,
    Doors.outbox_with_a_key,
    Doors.outbox_post,
    Doors.key,
    Doors.client,
    Doors.account,
]
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@pytest.fixture
def doors(tmp_path: Path) -> Any:
    doors = Doors(tmp_path)
    with doors.store:
        yield doors


@each_door
def test_what_looks_like_another_is_refused_at_every_door(
    doors: Doors, door: Callable[[Doors, str], object]
) -> None:
    for text, (name, code, place) in REFUSED.items():
        with pytest.raises(InputError) as caught:
            door(doors, text)
        assert f"{name} ({code}) as character {place}" in str(caught.value)
        assert caught.value.outcome == "not_sent"
    assert doors.script.requests == []
    assert doors.store.outbox().postings() == ()
    assert doors.store.clients.links() == ()


@each_door
def test_letters_and_digits_of_any_script_are_taken(
    doors: Doors, door: Callable[[Doors, str], object]
) -> None:
    for text in LEGAL:
        door(doors, text)
        doors.store.clients.unlink(text)
        doors.store.accounts(ORG).unlink(text)


@each_refused
def test_the_message_says_what_is_wrong_and_shows_the_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_text(text, "source id")
    message = str(caught.value)
    assert message.startswith("source id contains ")
    assert repr(text) in message
    assert "Identifiers are never corrected" in message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\ufeff1", "a byte-order mark (read the file with the encoding utf-8-sig)"),
        ("1 ", "a space at its end"),
        (" 1", "a space at its beginning"),
        ("1\u00a02", "a space other than the plain one"),
        ("1\u200b", "which is invisible"),
        ("\uff11", "which looks like '1'"),
        ("\u2163", "which looks like 'IV'"),
        ("1\u20112", "which looks like '\u2010'"),
        ("e\u0301", "which is not in Unicode normal form C"),
        ("1\n", "a control character"),
    ],
)
def test_the_reason_is_said(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        check_text(text, "source id")
    assert reason in str(caught.value)


@given(st.text(min_size=1, max_size=40))
@example("a\u0301")
@example("\u1100\u1161")
def test_what_is_taken_has_one_spelling(text: str) -> None:
    """A text that is taken is not another one with something invisible taken away, or normalized."""
    try:
        check_text(text, "source id")
    except InputError:
        return
    assert text.strip() == text
    assert unicodedata.normalize("NFC", text) == text
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)
    assert [char for char in text if unicodedata.category(char) == "Zs"] == [" "] * text.count(" ")


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("acc_1 ", r"SPACE \(U\+0020\) as character 6"),
        ("acc_1\u200b", r"ZERO WIDTH SPACE \(U\+200B\) as character 6"),
        ("acc\u00a01", r"NO-BREAK SPACE \(U\+00A0\) as character 4"),
        (
            "accé",
            r"printable ASCII, but it contains LATIN SMALL LETTER E WITH ACUTE \(U\+00E9\) as character 4",
        ),
    ],
)
def test_an_id_says_which_character(id: str, message: str) -> None:
    with pytest.raises(InputError, match=f"account_id .*{message}"):
        attrs.evolve(LINE, account_id=id)
    with pytest.raises(InputError, match=f"organization id .*{message}"):
        client(Script(receipt)).organization(id)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("a b", r"SPACE \(U\+0020\) as character 2"),
        ("key\u200b", r"ZERO WIDTH SPACE \(U\+200B\) as character 4"),
        ("key\n", r"\(U\+000A\) as character 4"),
        ("", "not ''"),
    ],
)
def test_a_key_says_which_character(key: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_key(key)


def test_bodies_send_what_was_normalized() -> None:
    assert to_wire(VoidEntry(reason="Cafe\u0301\r\nclosed"))["reason"] == "Café\nclosed"
