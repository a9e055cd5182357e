"""The proof that our documents are clean on the wire: schemas, the validator's rules, other people's parsers."""
