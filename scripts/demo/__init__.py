"""The demonstration: a partner app goes through the whole LedgerHQ flow against a sandbox."""
