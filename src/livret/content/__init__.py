"""Words: the content format, read and checked."""
