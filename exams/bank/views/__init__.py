"""The bank for writers, reviewers and managers; keys are on these pages, so each asks who is there."""
