"""The pages of a report and of the site, made from executed notebooks."""
