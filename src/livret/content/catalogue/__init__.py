"""Reading a folder of cards into one catalogue, with the checks that need all of it."""
