"""The REST doors under /api/v1: read a request, build one command or query, answer in JSON."""
