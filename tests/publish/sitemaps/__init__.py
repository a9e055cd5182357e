"""What search engines and crawlers are told."""
