"""Control: checks and reports on what was built."""
