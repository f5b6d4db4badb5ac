"""The library that writes and reads review workbooks, of the extra ``review``.

It has no types. Entities in XML are refused where defusedxml is installed, which it takes by
itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ledgerhq_ext._extras import require

require("a review workbook", "review", "openpyxl", "defusedxml")

LIBRARY: Any = import_module("openpyxl")
STYLES: Any = import_module("openpyxl.styles")
UTILITY: Any = import_module("openpyxl.utils")
VALIDATION: Any = import_module("openpyxl.worksheet.datavalidation")
