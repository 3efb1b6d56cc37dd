"""Captured streams of two laboratory PBXs, plain and FreePBX-shaped, that the demo plays."""
