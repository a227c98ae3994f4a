"""What staff may ask of assembly."""
