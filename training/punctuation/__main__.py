"""The command `python -m training.punctuation`."""

from training.punctuation.run import main

if __name__ == "__main__":
    main()
