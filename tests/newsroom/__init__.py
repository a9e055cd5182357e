"""The bundled newsroom, all of it, as the world gets it."""
