"""What a person sees who opens a feed in a browser."""
