"""Makes the HTML pages, one module for each, and their common parts."""
