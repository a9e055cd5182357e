"""What documents are sent with over HTTP, whoever sends them: their header fields and their content codings."""
