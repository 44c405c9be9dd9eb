"""What follows: facts, and the questions that are decided over them."""
