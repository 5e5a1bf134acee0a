"""`python -m handoffmap`: the command line without the console script."""

from handoffmap.cli import main

if __name__ == "__main__":
    main()
