"""The intake of pictures: what a file is by its bytes, what is wrong with it, and what the engine is given of it."""
