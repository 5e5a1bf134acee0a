"""Rules of a team's own, HM900 to HM999: data in YAML files, or Python functions of an installed package."""
