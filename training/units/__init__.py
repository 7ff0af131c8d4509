"""What a model writes: characters or word pieces, how words sound, and error rates."""
