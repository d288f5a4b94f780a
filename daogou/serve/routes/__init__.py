"""One file per group of paths; each holds a `router`."""
