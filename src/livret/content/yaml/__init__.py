"""Reading YAML as a bounded tree of text that knows its lines."""
