"""Decisions about volunteers and the time bank. Pure: values in, values and reasons out."""
