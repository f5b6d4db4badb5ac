"""Headers that a document asks for as security schemes beside the token: they are parameters of the
operation.
"""

from .pointers import Object
from .schemas import drop

# What these carry is a credential, whatever else the document says of them.
_CREDENTIALS = ("authorization", "key", "token", "secret", "cookie", "password")


def with_header_keys(operation: Object, schemes: Object) -> Object:
    """Return an operation whose security asks for a header beside a credential, with that header as
    a parameter.

    `{"oauth2": [], "organization": []}` says that a call carries a token and a header with the
    organization's id. A header that stands alone in a requirement is a way to be let in, and stays
    one.
    """
    requirements: list[Object] = operation["security"]
    headers = [name for name, scheme in schemes.items() if _is_plain_header(scheme)]
    moved = [name for name in headers if _is_beside_others(name, requirements)]
    if not moved:
        return operation

    present = {(each["in"], each["name"]) for each in operation["parameters"]}
    names = {schemes[name]["name"].lower() for name in moved}
    added = [_parameter(name) for name in names if ("header", name) not in present]
    parameters = [*operation["parameters"], *added]
    parameters.sort(key=lambda each: (each["in"], each["name"]))
    return {
        **operation,
        "security": [drop(each, *moved) for each in requirements],
        "parameters": parameters,
    }


def _is_beside_others(name: str, requirements: list[Object]) -> bool:
    """Return whether a scheme is always asked for, and always together with another one."""
    if not requirements:
        return False
    return all(name in each and len(each) > 1 for each in requirements)


def _is_plain_header(scheme: Object) -> bool:
    """Return whether a security scheme is a header without a credential, such as a company's."""
    if not isinstance(scheme, dict):
        return False

    is_header = scheme.get("type") == "apiKey" and scheme.get("in") == "header"
    name = str(scheme.get("name", "")).lower()
    if not is_header or not name:
        return False

    is_credential = any(word in name for word in _CREDENTIALS)
    return not is_credential


def _parameter(name: str) -> Object:
    schema = {"type": "string"}
    return {
        "name": name,
        "in": "header",
        "required": True,
        "style": "simple",
        "explode": False,
        "schema": schema,
    }
