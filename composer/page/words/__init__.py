"""Words on the page: sentences as text, music read out, and the languages that the page speaks."""
