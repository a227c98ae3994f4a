"""From a certificate's content to its PDF: glyph check, artwork, page. Knows no model and no request."""
