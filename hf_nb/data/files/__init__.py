"""Where a table's bytes lie: on a disk, behind an address, in memory; and what reading them has cost."""
