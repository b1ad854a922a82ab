"""The page: what a visitor sees and presses. Everything musical is done by `composer`."""
