"""The frame of the JSON interface at /api/v1/: who asks, unknown parameters, pages by key, problems, the document.

Each module's `api.py` holds its own operations on a `router()`; `config/api.py` puts them together.
"""
