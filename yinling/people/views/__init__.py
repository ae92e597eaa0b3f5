"""Pages of the register, by what one does there. Views parse, call and render; nothing more."""
