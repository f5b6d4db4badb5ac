"""Measurements: `make bench` prints each as a ratio to something taken side by side."""
