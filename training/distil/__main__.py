"""The command `python -m training.distil`."""

from training.distil.run import main

if __name__ == "__main__":
    main()
