"""`python -m livret`."""

from livret.cli import main

if __name__ == "__main__":
    main()
