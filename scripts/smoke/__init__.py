"""The distributions, as users install them: each extra alone, on each Python that is here."""
