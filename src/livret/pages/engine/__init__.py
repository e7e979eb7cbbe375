"""The engine, WeasyPrint: from a galley to a tagged PDF, with what Livret replaces in it."""

from livret.pages.engine import libraries

# Before any module here imports WeasyPrint by itself.
libraries.load()
