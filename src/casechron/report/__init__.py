"""What readers see: tables and figures shown in notebooks, notebooks rendered to reports, a page
for each."""
