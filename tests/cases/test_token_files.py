"""A token file is the file it was when it was named: links and relative paths are resolved once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledgerhq_ext import FileTokenStore, InputError

from .support import (
    ORG,
    Clock,
    RotatingTokens,
    blocking,
    expired_connection,
    refresh_token,
    write_connection,
)

RELEASES = ("release-1", "release-2")

needs_links = pytest.mark.skipif(os.name != "posix", reason="links need a right on this system")


@pytest.fixture
def links(tmp_path: Path) -> list[Path]:
    """Two links to one token file, as tools that deploy releases make them."""
    shared = tmp_path / "shared" / "token.json"
    write_connection(FileTokenStore(shared), expired_connection())
    paths = []
    for release in RELEASES:
        link = tmp_path / release / "token.json"
        link.parent.mkdir()
        link.symlink_to(shared)
        paths.append(link)
    return paths


def call(service: RotatingTokens, token_file: str | Path, clock: Clock) -> None:
    """Make a call with the tokens of a file."""
    with blocking(service, token_store=token_file, clock=clock) as hq:
        hq.organization(ORG).tax_rates()


@needs_links
def test_a_refresh_through_one_link_is_seen_through_the_other(links: list[Path]) -> None:
    service = RotatingTokens()
    clock = Clock()
    for link in links:
        call(service, link, clock)
    assert service.refresh_tokens == [refresh_token(1)]


@needs_links
def test_a_link_stays_a_link(links: list[Path]) -> None:
    link = links[0]
    call(RotatingTokens(), link, Clock())
    assert link.is_symlink()
    connection = FileTokenStore(link.resolve()).read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(2)


@needs_links
def test_links_to_one_file_take_turns(links: list[Path]) -> None:
    first, second = map(FileTokenStore, links)
    section = first.try_lock()
    assert section is not None
    with section:
        other = second.try_lock()
        if other is not None:
            other.__exit__(None, None, None)
        assert other is None


@needs_links
def test_a_file_with_two_names_is_refused_before_its_token_is_spent(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    write_connection(FileTokenStore(path), expired_connection())
    other = tmp_path / "other.json"
    other.hardlink_to(path)
    service = RotatingTokens()
    for name in (path, other):
        with pytest.raises(InputError, match="hard links"):
            call(service, name, Clock())
    assert service.refresh_tokens == []
    assert other.samefile(path)
    assert sorted(tmp_path.glob(".*")) == []

    other.unlink()
    call(service, path, Clock())
    assert service.refresh_tokens == [refresh_token(1)]


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    write_connection(FileTokenStore("token.json"), expired_connection())
    service = RotatingTokens()
    clock = Clock()
    with blocking(service, token_store="token.json", clock=clock) as hq:
        hq.organization(ORG).tax_rates()
        monkeypatch.chdir(elsewhere)
        # The token expires, so that the file is needed again.
        clock.sleep(7200)
        hq.organization(ORG).tax_rates()
    assert list(elsewhere.iterdir()) == []
    assert service.refresh_tokens == [refresh_token(1), refresh_token(2)]
    connection = FileTokenStore(tmp_path / "token.json").read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(3)
