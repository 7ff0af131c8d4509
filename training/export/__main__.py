"""The command `python -m training.export`."""

from training.export.pack import main

if __name__ == "__main__":
    main()
