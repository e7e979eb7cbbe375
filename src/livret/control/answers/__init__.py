"""Answers to proofs: forms that were filled in and sent back, and what was noted on their pages."""
