"""Livret turns a folder of cards into a booklet that a printer accepts."""

__version__ = "0.1.0"
