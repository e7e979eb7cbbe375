"""The content format: its models, field types, validators, and the messages about wrong values."""
