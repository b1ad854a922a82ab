"""The piano roll of a take: picture, play-head, player, and the choice of bars."""
