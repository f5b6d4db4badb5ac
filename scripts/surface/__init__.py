"""The blocking surface, as it is written from the asynchronous one."""
