"""Who the caller is: OAuth connections kept in a token store, or an API key."""

from ledgerhq_ext.auth.connection import Connection
from ledgerhq_ext.auth.stores import FileTokenStore, MemoryTokenStore, Section, TokenStore

__all__ = ["Connection", "FileTokenStore", "MemoryTokenStore", "Section", "TokenStore"]
