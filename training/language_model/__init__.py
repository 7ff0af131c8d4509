"""The n-gram model that the search asks: its texts, its estimation, its file."""
