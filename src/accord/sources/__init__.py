"""Where articles come from. Each source is a module that yields locations and reads articles."""
