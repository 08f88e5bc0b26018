cimport cython
from cpython.datetime cimport datetime as Moment

cdef dict _EPOCHS
cdef long long _MIN, _MAX

@cython.locals(epoch=cython.longlong, days=cython.longlong, seconds=cython.longlong, found=cython.longlong)
cpdef object micros(Moment moment, str field)
