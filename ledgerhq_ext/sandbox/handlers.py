"""All handlers there are, by route."""

from __future__ import annotations

from ledgerhq_ext.sandbox import (
    accounts,
    bank,
    directory,
    documents,
    entries,
    oauth,
    postings,
    reports,
    settle,
)
from ledgerhq_ext.sandbox.routes import Routes

_MODULES = (accounts, bank, directory, documents, entries, oauth, postings, reports, settle)

ROUTES = Routes()
for _module in _MODULES:
    ROUTES.update(_module.ROUTES)
