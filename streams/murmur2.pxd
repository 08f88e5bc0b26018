cimport cython

@cython.locals(length=Py_ssize_t, words=Py_ssize_t, bits32="unsigned long long", factor="unsigned long long", mixed="unsigned long long", word="unsigned long long", rest="unsigned long long")
cpdef object murmur2(bytes data)
