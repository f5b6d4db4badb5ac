"""The answer that the contract asks for: status, envelope and fields of a reply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ledgerhq_ext.sandbox._contract import Operation
from ledgerhq_ext.sandbox._filler import Ambiguous, fill
from ledgerhq_ext.sandbox._nodes import Node
from ledgerhq_ext.sandbox._routes import Reply
from ledgerhq_ext.sandbox._samples import NoValue
from ledgerhq_ext.sandbox._shapes import shape_of


class Misfit(Exception):  # noqa: N818
    """A reply that cannot be given as the contract declares it.

    `place` is a JSON pointer from the root of the document, to what it does not fit.
    """

    def __init__(self, place: str, complaint: str) -> None:
        super().__init__(f"{place}: {complaint}")
        self.place = place
        self.complaint = complaint


def fit(operation: Operation, reply: Reply) -> list[str]:
    """Bring a reply into the form that the contract declares, and return what was filled.

    Misfit where that cannot be done.
    """
    declared = operation.answer(reply.status)
    if declared is None:
        place = f"{operation.node.place}/responses"
        raise Misfit(place, f"status {reply.status} is not documented")

    status, response = declared
    schema = _schema(response, reply)
    reply.status = status
    if schema is None or reply.media_type == "text/html" or schema.validator.is_valid(reply.body):
        return []

    misfit: Misfit | None = None
    for body in _envelopes(schema, reply.body):
        try:
            reply.body, places = _filled(schema, body)
        except Misfit as error:
            # The first one has the envelope that the sandbox knows: it says the most.
            misfit = misfit or error
        else:
            return places
    raise misfit or Misfit(schema.place, "the envelope does not exist")


def _schema(response: Node, reply: Reply) -> Node | None:
    """Return the schema of a reply's body; None where it has no body."""
    content = response.contents
    main, _, _ = reply.media_type.partition("/")
    for kind in (reply.media_type, f"{main}/*", "*/*"):
        if kind in content:
            return content[kind]
    if reply.body is None:
        return None
    raise Misfit(f"{response.place}/content", f"{reply.media_type} is not documented")


def _envelopes(schema: Node, body: Any) -> Iterator[Any]:
    """Yield a body, then its records without their envelope, or inside a further one."""
    yield body
    if not isinstance(body, dict):
        return
    # Without: the one list or object in it may be all that the contract has there.
    yield from (value for value in body.values() if isinstance(value, list | dict))
    # Inside a further one, under a name that the contract needs and the sandbox does not have.
    missing = [name for name in shape_of(schema).required if name not in body]
    for name in missing:
        yield {name: body}


def _filled(schema: Node, body: Any) -> tuple[Any, list[str]]:
    try:
        complete, places = fill(schema, body)
    except NoValue as error:
        raise Misfit(error.field.place, "no valid value for it is known") from None
    except Ambiguous as error:
        complaint = f"it may be the new name of {error.rival!r}, which is not declared"
        raise Misfit(error.field.place, complaint) from None

    first = next(iter(schema.validator.iter_errors(complete)), None)
    if first is not None:
        raise _misfit(schema, first)
    return complete, places


def _misfit(schema: Node, error: jsonschema_rs.ValidationError) -> Misfit:
    steps = tuple(map(str, error.schema_path))
    # The last step is the keyword; what it is about is the schema around it.
    place = schema.document.place(steps[:-1])

    pointer = "".join(f"/{step}" for step in error.instance_path)
    return Misfit(place, f"{pointer or 'the body'}: {error.message[:300]}")
