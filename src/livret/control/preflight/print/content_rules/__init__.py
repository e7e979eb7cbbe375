"""The rules for what pages paint, fed by one walk of `content` for each page."""
