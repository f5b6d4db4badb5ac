"""Drift: what a newer contract changes for those who use the vendored one, and where it hits the
layer.
"""
