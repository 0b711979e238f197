"""The people, rooms and history that a sandbox starts with; the same seed gives the same ones."""
