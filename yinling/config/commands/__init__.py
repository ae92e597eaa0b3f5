"""Commands of `yinling`, by what they are about. Each takes its words and returns an exit code."""
