"""``python -m feeds``: the command line."""

from feeds.cli import main

if __name__ == "__main__":
    main()
