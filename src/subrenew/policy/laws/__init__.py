"""Laws as values, laid over a vendor's policy: sample data, not legal advice."""
