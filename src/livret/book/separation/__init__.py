"""From RGB to inks: every colour, picture and shading of a PDF."""
