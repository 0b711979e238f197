"""Quell: a keyboard-driven console for moderating chat from a terminal."""

__version__ = "0.1.0"
