"""Preflight for print: judges a PDF by PDF/X-4, by the variants of GWG 2022, or by a press profile.

Nothing here is shared with the rooms that make press files. The names and numbers of the standards stand here as the
standards print them.
"""
