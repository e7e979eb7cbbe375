"""Turns a part into a galley: its HTML, with lists, drawings and folios."""
