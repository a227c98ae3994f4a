"""Papers on paper: booklet, answer sheet, marking key, notice of preparation, marking record."""
