"""Sign-offs of cards, partner pages and forewords: who said yes to what, and what has changed since."""
