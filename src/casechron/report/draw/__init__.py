"""The charts of the pages: each drawn by matplotlib, once for a phone and once for a desk."""
