"""Accord: who claims what about whose obligation, from news reports to a queryable graph."""

__version__ = "0.1.0"
