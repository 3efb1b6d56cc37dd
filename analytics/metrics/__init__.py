"""Every figure, defined once: `definitions` names them, `formulas` and `rings` compute them, `query` asks."""
