"""The engine, WeasyPrint: from a galley to a tagged PDF, with what Livret replaces in it."""
