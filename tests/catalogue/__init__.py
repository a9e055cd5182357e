"""The catalogue: compiling, keeping, asking."""
