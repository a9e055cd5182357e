"""Takes what other programs have published into release files. Knows the formats of their exports."""
