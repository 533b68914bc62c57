"""The pages of a report and of the site, made from executed notebooks.

`render` writes its pages by `reporting.pages` still; the notebooks that show what these pages take
come next."""
