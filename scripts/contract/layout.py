"""Where things are kept."""

from dataclasses import dataclass
from pathlib import Path

PACKAGE = "ledgerhq_api"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The files of a checkout, or of a candidate that may become one."""

    root: Path = ROOT

    @property
    def openapi(self) -> Path:
        """The folder of the contract."""
        return self.root / "openapi"

    @property
    def contract(self) -> Path:
        """The document, byte for byte as fetched."""
        return self.openapi / "openapi.json"

    @property
    def contract_lock(self) -> Path:
        """The record of where the document came from, and of what generated the client."""
        return self.openapi / "contract.lock.json"

    @property
    def names_lock(self) -> Path:
        """The names of the generated classes."""
        return self.openapi / "names.lock.json"

    @property
    def records(self) -> Path:
        """The table of what the contract does not say of its records."""
        return self.openapi / "records.json"

    @property
    def public(self) -> Path:
        """The file that says what the records of the layer promise."""
        return self.openapi / "public.json"

    @property
    def detours(self) -> Path:
        """The table of routes that the layer does not go by until somebody takes them out."""
        return self.openapi / "detours.json"

    @property
    def repairs(self) -> Path:
        """The table of repairs."""
        return self.openapi / "repairs.json"

    @property
    def config(self) -> Path:
        """The settings of the generator."""
        return self.openapi / "generator.yml"

    @property
    def templates(self) -> Path:
        """The templates that replace those of the generator."""
        return self.openapi / "templates"

    @property
    def package(self) -> Path:
        """The generated package."""
        return self.root / "generated" / PACKAGE

    @property
    def build(self) -> Path:
        """The folder of what may be thrown away."""
        return self.root / "build"
