"""Tests of institutions."""
