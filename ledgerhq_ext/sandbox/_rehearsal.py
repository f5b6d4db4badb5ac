"""The rehearsal of a contract: every operation once, before anything is served.

The vendored contract is held by tests. Any other one may ask for what this sandbox does not have:
then it is better not to start than to answer 500 in the middle of somebody's test.
"""

from __future__ import annotations

import jsonschema_rs

from ledgerhq_ext.sandbox._answers import Misfit, fit
from ledgerhq_ext.sandbox._clock import Clock
from ledgerhq_ext.sandbox._contract import Contract, Operation
from ledgerhq_ext.sandbox._examples import Books, Example, examples
from ledgerhq_ext.sandbox._handlers import ROUTES
from ledgerhq_ext.sandbox._nodes import Node
from ledgerhq_ext.sandbox._requests import as_declared
from ledgerhq_ext.sandbox._routes import Call, Reply, Settings, Target
from ledgerhq_ext.sandbox._seed import template
from ledgerhq_ext.sandbox._state import State

_KEY = "rehearsal"
# It answers with a page or a redirect, which have no properties.
_WITHOUT_BODY = ("GET", "/api/oauth/authorize")


def rehearse(contract: Contract) -> None:
    """Give every answer that the sandbox knows once, as a contract declares it, to a request that
    the contract declares.

    ValueError for the first one that it cannot give; it names operation and property.
    """
    stage = _Stage()
    for operation in contract.operations:
        try:
            _compile(operation)
            stage.run(operation)
        except Misfit as misfit:
            raise _refusal(operation, misfit) from None
        except Undeclared as undeclared:
            raise ValueError(
                f"the sandbox cannot serve this contract, because {operation.method} "
                f"{operation.path} needs {undeclared} of the document, which does not declare it; "
                "declare it there, or remove the operation from the document"
            ) from None
    stage.state.close()


class Undeclared(Exception):  # noqa: N818
    """Something that a handler needs of a request, and that the contract does not declare."""


class _Stage:
    """A seeded state of its own, which every rehearsal leaves as it was."""

    def __init__(self) -> None:
        self.state = State(None, Clock())
        self.state.fill_from(template(None))
        sql = "SELECT * FROM organizations WHERE type = 'client' ORDER BY seq"
        self.organization = self.state.rows(sql)[0]
        self.company = str(self.organization["id"])

    def run(self, operation: Operation) -> None:
        """Serve the examples of an operation. Misfit where the contract asks for another answer."""
        values = tuple(self.company for _ in range(operation.path.count("{")))
        target = ROUTES.find(operation.method, operation.path, values)
        if target is None or target.key == _WITHOUT_BODY:
            return

        self.state.db.execute("BEGIN")
        try:
            for example in examples(target.key, Books(self.state, self.company)):
                for reply in self._declared_replies(operation, target, example):
                    fit(operation, reply)
        finally:
            self.state.db.execute("ROLLBACK")

    def _declared_replies(
        self, operation: Operation, target: Target, example: Example
    ) -> list[Reply]:
        """Return the replies to what clients of the contract send. Undeclared where that is too
        little.
        """
        request, missing = as_declared(operation, example)
        try:
            return self._replies(target, request)
        except Exception as error:
            if not missing:
                raise
            raise Undeclared(missing[0]) from error

    def _replies(self, target: Target, example: Example) -> list[Reply]:
        call = Call(
            self.state,
            Settings(),
            base_url="http://127.0.0.1",
            values=example.values,
            query=example.query,
            headers={"idempotency-key": _KEY},
            body=example.body,
            firm=self.organization["firmId"],
            organization=self.organization,
        )
        first = target.route.handler(call)
        if not target.route.keyed:
            return [first]
        # The second one is the receipt once more, with a status of its own.
        return [first, target.route.handler(call)]


def _compile(operation: Operation) -> None:
    """Compile what the requests of an operation are checked by. Misfit for what is no schema."""
    schemas: list[Node | None] = [*operation.bodies.values()]
    schemas += [parameter.schema for parameter in operation.parameters]
    for response in operation.responses.values():
        schemas += response.contents.values()

    # Some parameters are declared by a media type instead.
    for schema in filter(None, schemas):
        _compile_schema(schema)


def _compile_schema(schema: Node) -> None:
    # A schema is compiled when it is first asked, and refused then if it is none.
    try:
        schema.validator.is_valid(None)
    except (RecursionError, jsonschema_rs.ReferencingError, ValueError) as error:
        reason = str(error).partition("\n")[0][:300]
        raise Misfit(schema.place, f"it is not a valid schema: {reason}") from error


def _refusal(operation: Operation, misfit: Misfit) -> ValueError:
    name = f"{operation.method} {operation.path}"
    return ValueError(
        f"the sandbox cannot serve this contract, because its answer to {name} does not fit "
        f"{misfit.place} ({misfit.complaint}); change that schema, or remove the operation from "
        "the document"
    )
