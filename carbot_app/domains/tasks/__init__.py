"""What somebody of the team has to do."""
