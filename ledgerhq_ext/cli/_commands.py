"""How a function becomes a command: the options that all have, examples, errors as one sentence."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import typer

from ledgerhq_ext import LedgerHQError, ReconnectRequired
from ledgerhq_ext.cli import _places as places
from ledgerhq_ext.cli._failures import Status, print_failure, report
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import discard, say

F = TypeVar("F", bound=Callable[..., int | None])

Company = Annotated[
    str, typer.Argument(metavar="COMPANY", help="The client company, by name or id.")
]

_COMMON: dict[str, tuple[Any, Any]] = {
    "base_url": (
        Annotated[
            str | None,
            typer.Option(
                "--base-url",
                envvar="LEDGERHQ_BASE_URL",
                metavar="URL",
                help="The base URL of the service; by default the one you logged in to.",
            ),
        ],
        None,
    ),
    "store_place": (
        Annotated[
            str | None,
            typer.Option(
                "--store",
                envvar="LEDGERHQ_STORE",
                metavar="PLACE",
                help="The database with links and outbox: a file path or a postgresql://… URL.",
            ),
        ],
        None,
    ),
    "firm": (
        Annotated[
            str,
            typer.Option(
                "--firm",
                envvar="LEDGERHQ_FIRM",
                metavar="NAME",
                help="Your name for the firm, if you are logged in to several.",
            ),
        ],
        places.DEFAULT_FIRM,
    ),
    "as_json": (Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")], False),
    "debug": (
        Annotated[bool, typer.Option("--debug", help="Log every call and show tracebacks.")],
        False,
    ),
}
"""The options of every command, with their defaults."""


def new_app(help: str, **settings: Any) -> typer.Typer:
    """Return an app, or a group of commands. Help is plain text: it is read in pipes too."""
    return typer.Typer(
        help=help,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **settings,
    )


def command(app: typer.Typer, name: str, *, examples: Sequence[str]) -> Callable[[F], F]:
    """Add a function as a command. It takes an ``Invocation`` first, and returns its exit status.

    None is ``Status.OK``. Its docstring is the help; the examples stand below it.
    """

    def add(function: F) -> F:
        """Add the function, and return it as it is."""
        app.command(name, help=inspect.getdoc(function), epilog=_epilog(examples))(
            _with_common_options(function)
        )
        return function

    return add


def _epilog(examples: Sequence[str]) -> str:
    # The \b keeps the lines apart.
    return "\b\n" + "\n".join(("Examples:", *(f"  {example}" for example in examples)))


def _with_common_options(function: Callable[..., int | None]) -> Callable[..., None]:
    """Return a function of a command's own arguments and the common options, for typer."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    for name, (annotation, default) in _COMMON.items():
        parameters.append(
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
            )
        )

    # Typer reads options from a signature, and this is the only way to have those of all commands
    # behind the command's name, where people type them, and written once.
    def run(**values: Any) -> None:
        """Run the command, and exit with its status."""
        invocation = Invocation(**{name: values.pop(name) for name in _COMMON})
        raise typer.Exit(_status(invocation, function, values))

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__name__ = function.__name__
    return run


def _status(
    invocation: Invocation, function: Callable[..., int | None], values: dict[str, Any]
) -> int:
    """Run a command; return its exit status. Whatever fails is a sentence on standard error."""
    if invocation.debug:
        _log_calls()
    try:
        return function(invocation, **values) or Status.OK
    except LedgerHQError as error:
        if invocation.debug:
            traceback.print_exc()
        # Only then: it looks through the folder of logins.
        near_firm = invocation.near_firm if isinstance(error, ReconnectRequired) else ""
        return report(
            error,
            login=invocation.login_command,
            near_firm=near_firm,
            as_json=invocation.as_json,
        )
    except KeyboardInterrupt:
        say("Interrupted.")
        return Status.INTERRUPTED
    except BrokenPipeError:
        # Who reads it has seen enough.
        discard(sys.stdout)
        return Status.OK
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        return _fault(invocation, error)


def _fault(invocation: Invocation, error: Exception) -> Status:
    """Say that the command itself is at fault, or the machine."""
    if invocation.debug:
        traceback.print_exc()
    reason = f"{type(error).__name__}: {error}"
    message = (
        f"the command failed because of an internal error ({reason}). Add --debug to see where."
    )
    if isinstance(error, OSError):
        message = f"{reason}. --debug shows where."
    if invocation.as_json:
        print_failure(type(error).__name__, message, Status.FAULT)
    else:
        say(f"error: {message}")
    return Status.FAULT


def _log_calls() -> None:
    """Let the library's logger speak to standard error."""
    import logging

    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("ledgerhq_ext").setLevel(logging.DEBUG)
