"""What is set before Compose is pressed: network, task, temperatures and the rest."""
