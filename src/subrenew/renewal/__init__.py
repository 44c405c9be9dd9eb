"""What happens and what it costs: quotes, plans and transitions."""
