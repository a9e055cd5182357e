"""The pages people read: one module a page, and what they have in common."""
