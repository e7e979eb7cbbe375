"""Words: Markdown, typography, hyphens and the alphabetical order of a language."""
