"""Decisions of the module, pure: profiles, places, states, looks, tokens."""
