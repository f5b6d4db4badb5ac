"""`python -m ledgerhq_ext`: the command line ``ledgerhq``."""

import sys

from ledgerhq_ext.cli import main

if __name__ == "__main__":
    sys.exit(main())
