"""Ready policies of real vendors, one module each."""
