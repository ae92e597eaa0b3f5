"""Pages of assessments, by what one does there. Views parse, call and render; nothing more."""
