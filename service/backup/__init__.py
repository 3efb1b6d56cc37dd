"""One file that holds an installation, made while it is at work, checked, and taken back.

    making      reads an installation in the one right order and writes the archive
    checking    reads an archive whole: every digest, and the database in it
    restoring   puts an archive in the place of an installation, or changes nothing

docs/operations.md tells people what is in a backup and what is not.
"""
