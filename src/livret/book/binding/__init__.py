"""Joining fragments: pages, links, tag tree, outline, metadata."""
