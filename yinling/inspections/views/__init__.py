"""Pages of inspections, hazards and draws. Thin: parse, call, render."""
