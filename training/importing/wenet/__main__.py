"""The command `python -m training.importing.wenet`."""

from training.importing.wenet.convert import main

if __name__ == "__main__":
    main()
