"""The seed on its piano roll: drawn, played in and changed."""
