"""The caller: OAuth connections in a token store, API keys, bare access tokens."""
