"""The charts of the pages: each drawn by matplotlib, once for a phone and once for a desk."""

#: The widths, in CSS pixels, in which charts are drawn: for a phone and for paper, and for a desk.
#: They stand here so that who puts pages together need not wait for matplotlib.
NARROW, WIDE = 340, 1160
