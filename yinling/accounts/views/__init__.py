"""Pages of accounts: users and roles, one's own page, moves between divisions, the door (lock-out, PIN switch)."""
