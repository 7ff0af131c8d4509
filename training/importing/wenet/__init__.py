"""Reading what WeNet's recipes leave behind: train.yaml, checkpoints, units and CMVN statistics."""
