"""The content of a token store: client and current pair of tokens, as one value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from attrs import asdict, evolve, field, fields, frozen, validators

from ledgerhq_ext._auth.answers import Grant
from ledgerhq_ext.errors import InputError

_MARGIN = 60.0
_VERSION = 1
_YOUNGER = ("firm", "refreshed")
_TEXT = validators.instance_of(str)
_SECONDS = validators.instance_of((int, float))


@frozen(kw_only=True)
class Connection:
    """A firm's connection: issuer (the service's origin), client and tokens. ``repr`` shows no
    token.

    Times are epoch seconds; ``obtained_at`` is when the token request was sent, ``refreshed``
    whether it was a refresh. ``lost`` says why there is no longer a refresh token. ``firm``
    identifies the firm: its id, or ``companies:`` and a digest of its client companies, or None if
    it is unknown.
    """

    issuer: str = field(validator=_TEXT)
    client_id: str = field(validator=_TEXT)
    redirect_uris: tuple[str, ...] = ()
    access_token: str | None = field(default=None, repr=False, validator=validators.optional(_TEXT))
    refresh_token: str | None = field(
        default=None, repr=False, validator=validators.optional(_TEXT)
    )
    obtained_at: float = field(default=0.0, validator=_SECONDS)
    expires_at: float = field(default=0.0, validator=_SECONDS)
    scope: str | None = None
    lost: str | None = field(default=None, validator=validators.optional(_TEXT))
    firm: str | None = field(default=None, validator=validators.optional(_TEXT))
    refreshed: bool = field(default=False, validator=validators.instance_of(bool))

    @property
    def is_blank(self) -> bool:
        """True if it contains no token."""
        return self.access_token is None and self.refresh_token is None

    def state(self, now: float) -> Literal["fresh", "stale", "invalid"]:
        """Return the state of the access token at ``now`` (epoch seconds): fresh, stale or invalid.

        A stale token is still valid, but is refreshed early: in its last 60 s, or the last fifth of
        a short lifetime.
        """
        if self.access_token is None or now >= self.expires_at:
            return "invalid"
        return "fresh" if now < self.stale_at else "stale"

    @property
    def stale_at(self) -> float:
        """From when on a token that is good is refreshed ahead, in epoch seconds."""
        # Not below 0: the clock by which it was obtained may have been ahead.
        lifetime = max(self.expires_at - self.obtained_at, 0.0)
        return self.expires_at - min(_MARGIN, lifetime / 5)

    def renewed(self, grant: Grant, *, sent_at: float) -> Connection:
        """Return the connection with what a token answer gave.

        A refresh token that was not given anew stays, and so do an access token and a scope.
        """
        connection = evolve(
            self, refresh_token=grant.refresh_token or self.refresh_token, lost=None
        )
        if grant.access_token is None:
            return connection
        return evolve(
            connection,
            access_token=grant.access_token,
            obtained_at=sent_at,
            expires_at=sent_at + grant.lifetime,
            scope=grant.scope or self.scope,
            refreshed=self.refresh_token is not None,
        )

    def to_json(self) -> str:
        """Return the text that a store keeps. It holds the tokens."""
        values = asdict(self)
        # Earlier releases know nothing of these: they can read the text as long as there is nothing
        # to say.
        for name in _YOUNGER:
            if not values[name]:
                del values[name]
        return json.dumps({"version": _VERSION, **values})

    @classmethod
    def from_json(cls, text: str | bytes, file: Path | None = None) -> Connection:
        """Return the connection of a stored text. Raises ``InputError`` for any other text.

        The message names the file that the text comes from.
        """
        place = "The token store" if file is None else f"The token file {file}"
        remedy = "Call disconnect()" if file is None else "Remove the file"
        problem = f"{place} does not contain a LedgerHQ connection. {remedy}, and connect again."
        try:
            values: dict[str, Any] = json.loads(text)
            if values.pop("version") == _VERSION:
                return cls._of(values)
            problem = (
                f"{place} was written by an incompatible release. {remedy}, and connect again."
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass
        # Raised out here, without these: neither the error's context nor its frame may hold tokens.
        values = {}
        text = ""
        raise InputError(problem)

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Connection:
        values["redirect_uris"] = tuple(values["redirect_uris"])
        # Written by a later version, it may hold what this one would lose.
        names = {attribute.name for attribute in fields(cls)}
        if not values.keys() <= names:
            raise ValueError
        return cls(**values)
