"""What the newsroom is made of: pure values that know no files, no database and no web."""
