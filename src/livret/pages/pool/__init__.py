"""The press room: worker processes, what is handed to them, and the store of what they made."""
