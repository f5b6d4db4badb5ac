from ..enums import OpenStrEnum


class EntryStatus(OpenStrEnum):
    DRAFT = "draft"
    POSTED = "posted"
    VOID = "void"
