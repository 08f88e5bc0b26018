cimport cython

cdef class Glimpse:
    cdef Py_ssize_t _who
    cdef Py_ssize_t _when
    @cython.locals(stamps=list, facts=list, at=Py_ssize_t, number=Py_ssize_t, place=Py_ssize_t)
    cpdef tuple read(self, bytes data)
