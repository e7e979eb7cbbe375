"""The proof room, `livret serve`: a local page that shows every spread while the catalogue is being written."""
