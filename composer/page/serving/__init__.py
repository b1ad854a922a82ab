"""What stands between the world and the page: limits on bodies, turns, files and words, whoever asks."""
