"""The command `python -m training.language_model`."""

from training.language_model.learn import main

if __name__ == "__main__":
    main()
