"""What is done to this repository, by make."""
