"""From the vendor's OpenAPI document to the generated client: one small module per step."""

import sys

# The steps walk documents by recursion, and schemas are nested deeper than Python's own limit
# allows for.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))
