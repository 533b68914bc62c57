"""What people write: the codebook, dates, reviews and sources; nothing here solves or draws."""
