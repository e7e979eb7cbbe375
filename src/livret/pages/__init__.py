"""Pages: from content to typeset fragments."""
