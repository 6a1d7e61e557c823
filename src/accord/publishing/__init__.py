"""Publishing: the claims of a store in the forms in which data sets are cited and shared."""
