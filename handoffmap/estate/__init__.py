"""Runs over many maps: judged by several processes where that pays, and not again where nothing has changed."""
