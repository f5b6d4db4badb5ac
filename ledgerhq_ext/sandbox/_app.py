"""The ASGI application: finds the operation that a request is for, and has it answered."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from ledgerhq_ext.sandbox import _control as control
from ledgerhq_ext.sandbox import _oauth as oauth
from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._errors import Problem, error_body
from ledgerhq_ext.sandbox._exchange import Exchange
from ledgerhq_ext.sandbox._routes import JSON, Reply
from ledgerhq_ext.sandbox._wire import send_reply


class World:
    """The routes of the contract."""

    def __init__(self, box: Box) -> None:
        self.box = box

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        # The path as it was sent: a quoted slash inside an id must not divide it.
        raw_path = scope.get("raw_path") or scope["path"].encode()
        match = self.box.contract.match(request.method, raw_path.decode("latin-1").split("?")[0])
        if match.operation is None:
            await send_reply(self._unrouted(match.allowed), send)
            return

        path = request.url.path
        fault = self.box.faults.take(request.method, match.operation.path, path)
        record: JSON = {
            "method": request.method,
            "path": path,
            "status": None,
            "fault": fault.kind if fault else None,
            "organizationId": None,
            "idempotencyKey": None,
        }
        self.box.requests.append(record)

        try:
            body = await request.body()
        except ClientDisconnect:
            return
        exchange = Exchange(self.box, request, match.operation, match.values, body, record)
        await exchange.run(fault, send)

    def _unrouted(self, allowed: list[str]) -> Reply:
        request_id = self.box.request_id()
        headers = {"x-request-id": request_id}
        problem = Problem(404, "Not found")
        if allowed:
            headers["allow"] = ", ".join(sorted(set(allowed)))
            problem = Problem(405, "Method not allowed")
        return Reply(problem.status, error_body(problem, "structured", request_id), headers)


def application(box: Box) -> Starlette:
    """Return the application: the contract's routes, the consent form, the sandbox's controls."""
    contract_routes = Mount("/", app=World(box))
    # Starlette takes the first route that fits, and a mount at "/" fits every path.
    return Starlette(routes=[*control.routes(box), oauth.consent_route(box), contract_routes])
