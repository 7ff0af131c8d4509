"""The command `python -m training.train`."""

from training.train.run import main

if __name__ == "__main__":
    main()
