"""The store and the client of this project, one of each for a process."""

from django.conf import settings

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.store import Store

store = Store(settings.DATABASES["default"]["NAME"])
outbox = store.outbox()
tokens = store.token_store(settings.LEDGERHQ_STORE_KEYS)
hq = LedgerHQ.from_env(token_store=tokens, app_name="acme-till")
