"""Names that follow from method and path, and from nothing else."""

import re
from collections.abc import Container

_PARAMETER = re.compile(r"{([^{}]*)}")
# A path that ends with the company is about the company itself.
_COMPANY = re.compile(r"(?:/api)?(?:/v[0-9]+)?/companies/{([^{}]*)}/.")


def snake(text: str) -> str:
    """Return `bank_accounts` for `bankAccounts`, `bank-accounts` and `Bank Accounts`."""
    parts = re.split(r"[^A-Za-z0-9]+", text)
    return "_".join(filter(None, (_snake_part(part) for part in parts)))


def _snake_part(part: str) -> str:
    # Digits stay where they are: `v2` and `oauth2` are one word.
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", part).lower()


def pascal(text: str) -> str:
    """Return `BankAccounts` for `bank_accounts` and `bankAccounts`."""
    return "".join(word[:1].upper() + word[1:] for word in snake(text).split("_"))


def parameters(path: str) -> list[str]:
    """Return the names of the parameters of a path template, from left to right."""
    return _PARAMETER.findall(path)


def template(path: str) -> str:
    """Return the path without the names of its parameters."""
    return _PARAMETER.sub("{}", path)


def shape(path: str) -> str:
    """Return the path without the names of its parameters and a slash at its end: paths of one
    shape are one route.
    """
    return template(path).rstrip("/") or "/"


def operation_name(method: str, path: str) -> str:
    """Return `get_accounts_by_id` for `GET /api/v1/accounts/{id}`."""
    words = [snake(_PARAMETER.sub(" by id ", segment)) for segment in _segments(path)]
    return "_".join([method.lower(), *filter(None, words)])


def tag(path: str) -> str:
    """Return the first fixed segment that is kept: `accounts`, `oauth`, `well_known`."""
    fixed = (snake(segment) for segment in _segments(path) if "{" not in segment)
    name = next(filter(None, fixed), "root")
    # The name of a folder of modules cannot begin with a digit.
    return f"tag_{name}" if name[0].isdigit() else name


def unique(name: str, names: Container[str]) -> str:
    """Return the name, or the name with the first number, from 2 on, that is free."""
    number = 1
    free = name
    while free in names:
        number += 1
        free = f"{name}_{number}"
    return free


def _segments(path: str) -> list[str]:
    """Return the parts of a path that tell one route from another: `/api/v1` is before all."""
    segments = [segment for segment in path.split("/") if segment]
    if segments[:1] == ["api"]:
        segments = segments[1:]
    if segments[:1] == ["v1"]:
        segments = segments[1:]
    return segments


def positional(path: str) -> dict[str, str]:
    """Return what the parameters of a path are called here: the vendor's names may change any day.

    The company that a path goes through carries the scope of the call. The others are called as on
    the route without it.
    """
    renamed: dict[str, str] = {}
    company = _COMPANY.match(path)
    if company is not None:
        renamed[company[1]] = "company_id"

    names = [name for name in parameters(path) if name not in renamed]
    if len(names) == 1:
        return {**renamed, names[0]: "id"}

    # Of several, each goes by the segment before it: `/bills/{a}/lines/{b}` has a bills_id.
    before = ""
    for segment in path.split("/"):
        for name in parameters(segment):
            if name not in renamed:
                renamed[name] = _free(f"{before}_id" if before else "id", renamed)
        if segment and "{" not in segment:
            before = snake(segment)
    return renamed


def _free(name: str, renamed: dict[str, str]) -> str:
    """Return the name, or the name with the first number, from 2 on, that no parameter has."""
    number = 1
    free = name
    while free in renamed.values():
        number += 1
        free = f"{name}{number}"
    return free


def rename(path: str) -> str:
    """Return the path with its parameters under their positional names."""
    names = positional(path)
    return _PARAMETER.sub(lambda match: "{" + names[match[1]] + "}", path)
