"""Pictures, read before the engine sees them."""
