"""What differs between two PDFs: pages matched, words, and places that look different."""
