"""What a printer demands: press profiles and ICC profiles."""
