"""All handlers there are, by route."""

from __future__ import annotations

from ledgerhq_ext.sandbox import (
    _accounts,
    _bank,
    _directory,
    _documents,
    _entries,
    _oauth,
    _postings,
    _reports,
    _settle,
)
from ledgerhq_ext.sandbox._routes import Routes

_MODULES = (
    _accounts,
    _bank,
    _directory,
    _documents,
    _entries,
    _oauth,
    _postings,
    _reports,
    _settle,
)

ROUTES = Routes()
for _module in _MODULES:
    ROUTES.update(_module.ROUTES)
