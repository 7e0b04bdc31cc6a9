"""What is left of the limits, and why it fails or is slow."""
