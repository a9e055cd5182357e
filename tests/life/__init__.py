"""The life of a release, from its schedule to what remains of it."""
