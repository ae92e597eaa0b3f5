"""Tests of the process that takes readings in."""
