cdef class Whos:
    cdef public tuple ones
    cdef public Whos up

cdef class Totals:
    cdef dict _sums, _pending, _touched
    cpdef object enter(self, Whos whos, tuple amounts)
    cpdef dict settled(self)
    cdef object _settle(self, Whos whos, tuple amounts)

cpdef tuple plus(tuple left, tuple right)
cdef tuple minus(tuple left, tuple right)
cpdef tuple summed(several)
cpdef dict difference(dict new, dict old)
