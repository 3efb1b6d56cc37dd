"""Who may ask: tokens for programs. A secret is shown once, when it is made; only its hash is stored."""
