"""The public face: what anybody may read without logging in.

Words it owns: door (one of the four large links of the home page), find (the list of places of care).
Owns no tables. Pages are the same for everybody and carry no token, so that caches may keep them; a reader's language
and type size are cookies that the answer varies by.
"""
