"""The content format: its models, field types, validators, and what it says of wrong values."""
