"""One file a command, named as people type it; loaded when it is run."""
