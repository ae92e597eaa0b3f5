"""Pages of the worklist: my list and one duty (`items`), several at once (`batch`), who is late (`late`)."""
