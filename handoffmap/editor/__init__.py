"""What an editor asks while somebody types: diagnostics, words, names, fixes. Only `server` speaks the protocol."""
