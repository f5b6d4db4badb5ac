"""Calls over HTTP: what is sent, what may be repeated, and the two ways of waiting for it."""
