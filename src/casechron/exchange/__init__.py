"""Writes a review in formats that other programs read, each into one new file: the tables of its
report as a data package, the codebook and the coded text for programs of qualitative analysis, and
the coded tables as a database."""
