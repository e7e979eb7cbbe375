"""What pages paint: an interpreter of content streams, and the items that it finds."""
