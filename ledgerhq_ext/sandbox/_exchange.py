"""One request and its answer: checks, the handler's transaction, faults."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.types import Send

from ledgerhq_ext.sandbox import _check as check
from ledgerhq_ext.sandbox._answers import Misfit, fit
from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._contract import Operation
from ledgerhq_ext.sandbox._errors import Problem, Shape, error_body
from ledgerhq_ext.sandbox._faults import Fault
from ledgerhq_ext.sandbox._handlers import ROUTES
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply
from ledgerhq_ext.sandbox._tokens import authenticate
from ledgerhq_ext.sandbox._wire import cut_body, lose_connection, send_reply

_log = logging.getLogger("ledgerhq_ext.sandbox")


class Exchange:
    """One request and its answer."""

    def __init__(
        self,
        box: Box,
        request: Request,
        operation: Operation,
        values: tuple[str, ...],
        body: bytes,
        record: JSON,
    ) -> None:
        self.box = box
        self.request = request
        self.operation = operation
        self.values = values
        self.raw_body = body
        self.record = record
        self.target = ROUTES.find(operation.method, operation.path, values)
        self.route = self.target.route if self.target else None
        self.id = record["requestId"] = box.request_id()

    @property
    def shape(self) -> Shape:
        """The spelling of errors at this endpoint."""
        return self.route.errors if self.route else "structured"

    async def run(self, fault: Fault | None, send: Send) -> None:
        """Answer, with whatever a fault script does to it."""
        if fault is not None:
            await self._run_with(fault, send)
            return
        reply = await self._answer(None)
        self.record["status"] = reply.status
        await send_reply(reply, send)

    async def _run_with(self, fault: Fault, send: Send) -> None:
        scope = self.request.scope
        receive = self.request.receive
        if fault.kind == "close":
            await lose_connection(scope, receive)
            return

        reply = fault.reply(self.id) if fault.kind == "status" else await self._answer(fault)
        # The record keeps the status of the work, whatever the client gets to see of it.
        self.record["status"] = reply.status
        reply = await fault.after_commit(reply, self.box.state, self.record, self.id)

        if fault.loses_response:
            await lose_connection(scope, receive)
        elif fault.kind == "cut_body":
            await cut_body(reply, scope, receive, send)
        else:
            await send_reply(reply, send)

    async def _answer(self, fault: Fault | None) -> Reply:
        try:
            call = self._prepared()
            with self.box.in_flight(self._key(call)):
                if fault:
                    await fault.before()
                if call.state is self.box.state:
                    reply = self._perform(call)
                else:
                    # Held up until after a reset: the state that it was for is gone.
                    reply = self._problem(Problem(503, "The sandbox was reset"))
        except Problem as problem:
            reply = self._checked(self._problem(problem))
        except Exception as error:
            # A bug of the sandbox: answered, logged, and seen by whoever asserts that nothing was
            # violated.
            _log.exception("%s %s failed", *self.operation.key)
            self.box.violate(self.operation, 500, repr(error))
            reply = self._problem(Problem(500, "Internal error"))
        reply.headers["x-request-id"] = self.id
        return reply

    def _prepared(self) -> Call:
        """Return the request as the contract declares it, authorized and checked."""
        headers = self.request.headers
        base_url = f"{self.request.scope['scheme']}://{headers.get('host', '')}"
        own_values = self.target.values if self.target else self.values
        call = Call(self.box.state, self.box.settings, base_url, self.id, own_values)
        # Before anything is checked, so that a stranger learns nothing of the contract but 401.
        has_token = self.operation.takes_token and "authorization" in headers
        if self.operation.secured or has_token:
            authenticate(call, headers.get("authorization", ""))

        check.read_path(self.operation, self.values)
        call.headers = check.read_headers(self.operation, self.request.scope["headers"])
        call.query = check.read_query(self.operation, self.request.scope["query_string"])
        call.body = check.read_body(self.operation, headers.get("content-type", ""), self.raw_body)

        if self.route is None:
            name = f"{self.operation.method} {self.operation.path}"
            raise Problem(
                501, f"{name}: the sandbox does not know this operation", "NOT_IMPLEMENTED"
            )
        if self.route.scoped:
            call.scope = self.record["organizationId"] = self._company(call)
        if self.route.keyed:
            self.record["idempotencyKey"] = self._header(call, "idempotency-key")
        return call

    def _company(self, call: Call) -> str:
        """Return the client company of the request: a segment of the path, or a header."""
        if self.target is not None and self.target.company is not None:
            return self.target.company
        return self._header(call, "x-organization-id")

    def _header(self, call: Call, name: str) -> str:
        """Return a header that this sandbox needs, also where the contract does not declare it."""
        value = str(call.headers.get(name) or self.request.headers.get(name, ""))
        if value == "":
            raise Problem(400, f"header {name}: is required")

        call.headers[name] = value
        return value

    def _key(self, call: Call) -> tuple[str, str] | None:
        if self.route is None or not self.route.keyed:
            return None
        return call.scope, call.headers["idempotency-key"]

    def _perform(self, call: Call) -> Reply:
        if self.route is None:
            raise Problem(501, "Not implemented", "NOT_IMPLEMENTED")
        # Handler and check in one transaction: an answer that does not fit undoes what was written.
        with self.box.state.transaction():
            if self.route.scoped:
                call.organization = _organization(call)
            return self._checked(self.route.handler(call))

    def _problem(self, problem: Problem) -> Reply:
        reply = Reply(problem.status, error_body(problem, self.shape, self.id))
        if problem.status == 401:
            reply.headers["www-authenticate"] = 'Bearer error="invalid_token"'
        return reply

    def _checked(self, reply: Reply) -> Reply:
        """Return the reply as the contract declares it.

        Else raise a 500, which undoes what the request did.
        """
        if reply.status == 501:
            return reply
        try:
            places = fit(self.operation, reply)
        except Misfit as misfit:
            self.box.violate(self.operation, reply.status, str(misfit))
            if reply.status >= 400:
                return reply
            message = f"The sandbox's response does not match the contract: {misfit}"
            raise Problem(500, message, "CONTRACT_VIOLATION") from None

        # A newer contract may require fields that this sandbox does not know: they are made up, and
        # listed.
        name = f"{self.operation.method} {self.operation.path}"
        self.box.filled |= {f"{name} {place}" for place in places}
        return reply


def _organization(call: Call) -> JSON:
    if call.bound_to not in (None, call.scope):
        raise Problem(403, "The API key belongs to another organization")
    row = call.one("SELECT * FROM organizations WHERE id = ?", call.scope)
    if row is None:
        raise Problem(404, "Organization not found")
    if row["firmId"] != call.firm:
        raise Problem(403, "The organization belongs to another firm")
    return dict(row)
