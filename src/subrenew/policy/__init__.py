"""What the vendor decides, as data: dated, cited, comparable."""
