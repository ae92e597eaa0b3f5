"""Views, by subject: lists and pages, edits, tokens and labels, claiming, cameras, panels."""
