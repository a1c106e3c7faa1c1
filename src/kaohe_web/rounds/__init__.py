"""Appraisal rounds: one period of one scheme version for one group of people, from opening to closing."""
