"""The book: fragments bound into one PDF."""
