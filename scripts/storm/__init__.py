"""Storms: many processes, many faults, and an exact account of what came of it. `python -m
scripts.storm`.
"""
