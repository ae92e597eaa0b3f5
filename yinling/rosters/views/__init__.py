"""Pages of rosters: `plans` (rosters, months, shifts, planning) and `turns` (mine, one turn, swaps)."""
