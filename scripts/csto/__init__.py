"""The Collective Security Treaty Organization as linked data."""
