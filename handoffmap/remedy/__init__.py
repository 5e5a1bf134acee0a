"""Remedies: changes of declared facts that are shown, by judging the map again, to make a finding go away."""
