"""Weighted shares, means and differences of surveyed people, from replicate weights; frames in, frames out."""
