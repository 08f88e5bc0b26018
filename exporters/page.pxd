cimport cython

from exporters.numbers cimport Number
from exporters.sheet cimport Sheet

@cython.locals(number=Number, sheet=Sheet)
cdef list _others(list numbers, frozenset grains, dict on)
