"""The simulated marketplace: a source like any other, with planted truths.

It knows nothing of the pipeline that reads it and shares no code with it.
"""
