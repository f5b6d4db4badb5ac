"""The firm: health of the service, its organizations, and connecting by OAuth."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Unpack

import ledgerhq_ext
from ledgerhq_ext import _calls, _seam, models
from ledgerhq_ext._filters import OrganizationType, Other, filter_word
from ledgerhq_ext._http.call import explained, perform
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._operations import Operation
from ledgerhq_ext._resources.configurable import Configurable
from ledgerhq_ext._resources.listing import ORGANIZATIONS_PAGE_SIZE, Listing
from ledgerhq_ext._resources.matching import form_of, one
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext.errors import InputError

if TYPE_CHECKING:
    from ledgerhq_ext._auth.refresh import OAuthConnection


class FirmMethods(Configurable):
    """The calls at the level of the firm, which do not concern a single client company."""

    async def health(self, **options: Unpack[CallOptions]) -> models.Health:
        """Return the health of the service (``GET /api/health``). No credentials are needed."""
        return await perform(self._with(options)._session, _calls.call(_seam.HEALTH))

    def organizations(
        self,
        *,
        type: OrganizationType | Other | None = None,
        cursor: str | None = None,
        page_size: int = ORGANIZATIONS_PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.OrganizationRecord]:
        """List the organizations of the firm.

        Pass the ``cursor`` of an earlier iteration to continue it, with the same ``type`` and on a
        client with the same ``carrier``. Raises ``InputError`` for an invalid filter. Routes: ``GET
        /api/v1/organizations``; for clients, where ``carrier`` is ``path``, ``GET
        /api/v1/companies``.
        """
        listing = Listing(
            session=self._with(options)._session,
            operation=_seam.ORGANIZATIONS,
            query={"type": filter_word(type, OrganizationType, "type")},
            page_size=page_size,
            cursor=cursor,
        )
        return AsyncPages(listing)

    async def company(
        self, name_or_id: str, **options: Unpack[CallOptions]
    ) -> models.OrganizationRecord:
        """Return the client company with this name or id, as a person would type it.

        Raises ``RecordLookupError``, which lists candidates, unless exactly one matches. Routes:
        those of ``organizations(type="client")``.
        """

        def value(record: models.OrganizationRecord) -> str:
            """Return the id or the name, whichever the text is compared with."""
            return record.id if record.id == name_or_id else record.name

        firm = self._with(options)
        form_of("company", name_or_id)
        companies = await firm.organizations(type="client")._all()
        return one("company", name_or_id, companies, value, _show_company)

    async def register_client(
        self,
        redirect_uris: list[str],
        client_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.ClientRegistration:
        """Register an OAuth client (``POST /api/oauth/register``).

        ``authorization_request`` does this automatically when needed. Raises ``OAuthError``,
        ``InputError``, ``TransportError``.
        """
        from ledgerhq_ext._auth import oauth

        firm = self._with(options)

        # People read it where they give access.
        name = client_name or firm._session.app_name
        with firm._explained(_seam.REGISTER):
            return await oauth.register_client(firm._session, redirect_uris, name)

    async def authorization_request(
        self, redirect_uri: str, *, scope: str | None = "mcp", **options: Unpack[CallOptions]
    ) -> ledgerhq_ext.AuthorizationRequest:
        """Start connecting a firm. Send its owner or admin to the ``url`` of the request this
        returns.

        Keep the request (``to_json``) until the browser returns to ``redirect_uri``, then call
        ``connect``. Registers the app if the store has no client for this ``redirect_uri`` yet.
        Raises ``OAuthError``, ``InputError``, ``TransportError``. Route: ``GET
        /api/oauth/authorize``.
        """
        from ledgerhq_ext._auth import oauth

        firm = self._with(options)

        connection = firm._connection()
        with firm._explained(_seam.REGISTER):
            return await oauth.authorization_request(
                firm._session,
                connection.store,
                redirect_uri,
                client_id=connection.client_id,
                client_name=firm._session.app_name,
                scope=scope,
            )

    async def connect(
        self,
        callback_url: str,
        request: ledgerhq_ext.AuthorizationRequest,
        *,
        replace: bool = False,
        **options: Unpack[CallOptions],
    ) -> None:
        """Finish connecting a firm: check the state, exchange the code, and store the tokens with
        the firm's id.

        ``callback_url`` is the full URL the browser returned to. A token store holds one firm: if
        it already holds another one, this raises an ``InputError`` that names both, and the first
        stays connected; pass ``replace=True`` to replace it. Raises ``OAuthError`` if the user
        denied access, the state is not ours or was already used, or the code is not accepted; start
        again then. After a ``TransportError`` with ``not_sent``, or an ``OAuthError`` with
        ``temporarily_unavailable`` (which says how long the service asks to wait), the code is
        unused: call ``connect`` again. Routes: ``POST /api/oauth/token``, ``GET
        /api/v1/organizations``.
        """
        from ledgerhq_ext._auth import connecting
        from ledgerhq_ext._resources.firms import firm_names

        firm = self._with(options)

        with firm._explained(_seam.TOKEN):
            await connecting.connect(
                firm._session,
                firm._connection(),
                callback_url,
                request,
                replace=replace,
                read_firm=firm_names,
            )

    async def disconnect(self) -> None:
        """Delete the stored connection. This is local only, because the service has no route to
        revoke a grant.
        """
        from ledgerhq_ext._auth import oauth

        await oauth.disconnect(self._session, self._connection())

    def _explained(self, operation: Operation[Any]) -> AbstractContextManager[None]:
        return explained(self._session, method=operation.method, path=operation.path)

    def _connection(self) -> OAuthConnection:
        from ledgerhq_ext._auth.refresh import OAuthConnection

        authorizer = self._session.authorizer
        if not isinstance(authorizer, OAuthConnection):
            raise InputError(
                "Connecting requires a token store for the tokens. Pass credentials=OAuth(store)."
            )
        return authorizer


def _show_company(record: models.OrganizationRecord) -> str:
    return f"{record.name} ({record.id})"
