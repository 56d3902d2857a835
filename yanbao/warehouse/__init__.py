"""The work store: one writer, rebuilt from raw at any time, never read by BI."""
