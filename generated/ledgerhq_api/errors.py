"""What operations and records raise"""


class UnexpectedStatus(Exception):
    """An answer with a status that the operation does not read, when Client.raise_on_unexpected_status is true"""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content

        super().__init__(
            f"Unexpected status code: {status_code}\n\nResponse content:\n{content.decode(errors='ignore')}"
        )

    def __reduce__(self) -> tuple[type["UnexpectedStatus"], tuple[int, bytes]]:
        return type(self), (self.status_code, self.content)


class MisfitError(ValueError):
    """A document that a record cannot be made of: ``complaint`` says why, ``pointer`` (a JSON pointer) where"""

    def __init__(self, name: str, complaint: str, pointer: str):
        self.name = name
        self.complaint = complaint
        self.pointer = pointer

        super().__init__(f"this is not a valid {name}: {complaint} (at {pointer or 'the whole document'})")

    def __reduce__(self) -> tuple[type["MisfitError"], tuple[str, str, str]]:
        return type(self), (self.name, self.complaint, self.pointer)


__all__ = ["MisfitError", "UnexpectedStatus"]
