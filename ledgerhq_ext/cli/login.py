"""`ledgerhq login` and `logout`: connect a firm by OAuth with PKCE, and forget it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext import InputError
from ledgerhq_ext.cli._browser import Callback, open_page
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import say
from ledgerhq_ext.cli.whoami import identity, identity_text

if TYPE_CHECKING:
    from ledgerhq_ext import AuthorizationRequest, LedgerHQ

PORT = 8400
"""The port that the browser comes back to, unless something else listens there."""


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    command(
        app,
        "login",
        examples=[
            "ledgerhq login",
            "ledgerhq login --no-browser",
            "ledgerhq login --firm birch --base-url http://127.0.0.1:8000",
        ],
    )(login)
    command(app, "logout", examples=["ledgerhq logout", "ledgerhq logout --firm birch"])(logout)


def login(
    run: Invocation,
    no_browser: Annotated[
        bool,
        typer.Option(
            "--no-browser", help="Print the URL to open, and read the one it redirects to."
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace another firm that is logged in.")
    ] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="PORT",
            min=0,
            max=65_535,
            help="The port on 127.0.0.1 that the browser returns to.",
        ),
    ] = PORT,
) -> None:
    """Connect a firm. An owner or admin of the firm approves in a browser.

    The tokens are stored in your configuration folder, in a file that only you can read; if
    LEDGERHQ_STORE_KEYS holds keys, they are stored in the store, encrypted. To log in to several
    firms, give each a name with --firm.
    """
    with run.login_client() as hq:
        if no_browser:
            _connect_by_hand(hq, port, replace=replace)
        else:
            _connect_by_browser(hq, port, replace=replace)
        record = identity(run, hq)
    run.print_one(record, f"Logged in.\n{identity_text(record)}")


def _connect_by_browser(hq: LedgerHQ, port: int, *, replace: bool) -> None:
    """Let the browser come back to this machine."""

    def finish(address: str) -> None:
        """Connect with the address that the browser came back to."""
        _connect(hq, address, request, replace=replace)

    with Callback(port, finish) as callback:
        request = hq.authorization_request(callback.address)
        say(f"Opening your browser. If nothing opens, go to:\n{request.url}")
        open_page(request.url)
        callback.wait()


def _connect_by_hand(hq: LedgerHQ, port: int, *, replace: bool) -> None:
    """Let a person carry the address from a browser on any machine."""
    request: AuthorizationRequest = hq.authorization_request(
        f"http://127.0.0.1:{port or PORT}/callback"
    )
    say(f"Open this URL in a browser, and approve:\n{request.url}")
    say("The browser then shows a page that cannot be reached. Paste its full URL here:")
    # Somebody may paste it in quotes, as a shell wants it.
    address = sys.stdin.readline().strip().strip("\"'")
    if not address:
        raise InputError("No URL was given, and nothing was stored. Run the command again.")
    _connect(hq, address, request, replace=replace)


def _connect(hq: LedgerHQ, address: str, request: AuthorizationRequest, *, replace: bool) -> None:
    try:
        hq.connect(address, request, replace=replace)
    except InputError as error:
        if "replace=True" not in error.message:
            raise
        # The library speaks to programmers.
        raise InputError(
            f"{error.message} On the command line, use --firm NAME or --replace."
        ) from None


def logout(run: Invocation) -> None:
    """Delete the stored tokens of a firm.

    LedgerHQ has no route to revoke a grant. An owner of the firm can revoke it in the settings.
    """
    connection = run.token_store().read()
    if connection is None or connection.is_blank:
        text = f"There is no login named {run.firm!r}. {run.near_firm}"
        run.print_one({"logged_out": False}, text.rstrip())
        return
    with run.login_client() as hq:
        hq.disconnect()
    run.print_one({"logged_out": True}, "Logged out. Links and the outbox stay in the store.")
