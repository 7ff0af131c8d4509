"""Models from elsewhere: WeNet checkpoints, and packs back into checkpoints."""
