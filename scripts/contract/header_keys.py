"""Headers that a document asks for as security schemes beside the token: they are parameters of the
operation.
"""

from .pointers import Object

# What these carry is a credential, whatever else the document says of them.
_CREDENTIALS = ("authorization", "key", "token", "secret", "cookie", "password")


def with_header_keys(operation: Object, schemes: Object) -> Object:
    """An operation whose security asks for a header beside a credential, with that header as a
    parameter.

    `{"oauth2": [], "organization": []}` says that a call carries a token and a header with the
    organization's id. A header that stands alone in a requirement is a way to be let in, and stays
    one.
    """
    requirements: list[Object] = operation["security"]
    headers = [name for name, scheme in schemes.items() if _is_plain_header(scheme)]
    moved = [
        name
        for name in headers
        if requirements and all(name in each and len(each) > 1 for each in requirements)
    ]
    if not moved:
        return operation

    known = {(each["in"], each["name"]) for each in operation["parameters"]}
    names = {schemes[name]["name"].lower() for name in moved}
    added = [_parameter(name) for name in names if ("header", name) not in known]
    rest = [
        {name: scopes for name, scopes in each.items() if name not in moved}
        for each in requirements
    ]
    parameters = sorted(
        [*operation["parameters"], *added], key=lambda each: (each["in"], each["name"])
    )
    return {**operation, "security": rest, "parameters": parameters}


def _is_plain_header(scheme: Object) -> bool:
    if (
        not isinstance(scheme, dict)
        or scheme.get("type") != "apiKey"
        or scheme.get("in") != "header"
    ):
        return False
    name = str(scheme.get("name", "")).lower()
    return bool(name) and not any(word in name for word in _CREDENTIALS)


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
