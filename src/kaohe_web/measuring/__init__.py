"""Raw events of a unit: its definitions, files read into its workspace, rows set aside, figures measured into a round."""
