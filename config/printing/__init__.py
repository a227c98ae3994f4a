"""What every PDF of the product shares: the fonts, which characters they have, smaller cuts of them."""
