"""One training run: steps, schedule, checkpoints side by side, their mean, curves."""
