"""The methods of a client and of an organization, by subject; each one is a plain coroutine."""
