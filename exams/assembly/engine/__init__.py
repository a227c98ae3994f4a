"""Test assembly as an optimisation problem, for any pool: nothing here knows the product (docs/assembly.md).

`problem` says what a pool and a specification are, `linear` passes them to HiGHS, `solve` finds one paper or
several at once, `forms` parallel forms one after another, `conflicts` why there is none, `capacity` how many
disjoint papers a pool holds.
"""
