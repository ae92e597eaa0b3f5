"""Tests of warnings without devices and of the silence watch."""
