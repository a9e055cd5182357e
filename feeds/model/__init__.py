"""The newsroom's values and rules: releases, terms, selections. No input or output, no database, no web."""
