"""The routes that the layer does not go by, and why: the other one of the operation fits.

Written by `make regenerate`, from the contract and from `openapi/detours.json`.
"""

DETOURS: dict[str, str] = {}
