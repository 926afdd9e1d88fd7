"""Prints what a package of the private index knows."""

import prices

print(prices.TODAY)
