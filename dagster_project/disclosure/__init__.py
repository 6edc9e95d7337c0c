"""Statistical disclosure control: which cells leave the warehouse, and which stay hidden (docs/disclosure.md)."""
