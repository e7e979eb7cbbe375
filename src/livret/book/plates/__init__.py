"""Looks at separated pages: what is painted where and in which inks, against the limits of a press profile."""
