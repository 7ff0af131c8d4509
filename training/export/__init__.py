"""A checkpoint as a model pack, compared with PyTorch; a pack in 8 bits."""
