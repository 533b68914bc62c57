"""What the pages say: a module for each page, and the words that all of them share."""
