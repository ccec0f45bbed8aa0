"""`python -m koprep` is the `koprep` command."""

from koprep.cli import main

if __name__ == "__main__":
    main()
