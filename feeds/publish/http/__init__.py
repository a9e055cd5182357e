"""The HTTP header fields and content codings of documents, for the server and for exports."""
