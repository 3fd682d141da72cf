"""Telling open pages at once that something has changed: what it is, never what it says."""
