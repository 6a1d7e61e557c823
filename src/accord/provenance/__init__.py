"""Where claims come from: captures of locations, runs, and what former versions said."""
