from ..enums import OpenStrEnum


class OrganizationType(OpenStrEnum):
    CLIENT = "client"
    FIRM = "firm"
