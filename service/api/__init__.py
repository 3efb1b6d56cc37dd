"""The HTTP API, `/api/v1/…`: read-only, JSON, one shape for every error (`errors.py`)."""
