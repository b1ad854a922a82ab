"""Where a take begins: the gallery of tunes, and what a visitor brought."""
