"""Converts every colour, picture and shading of a PDF from RGB to inks."""
