"""Changes to files of content: one value at a time, and everything else exactly as it was typed."""
