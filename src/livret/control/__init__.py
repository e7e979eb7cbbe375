"""Control: looking at what was made."""
