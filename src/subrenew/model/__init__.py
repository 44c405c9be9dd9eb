"""What there is: money, terms and the entities. Imports nothing above it."""
