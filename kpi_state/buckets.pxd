cpdef tuple quarter(object time)
cpdef tuple instant(object time)
cpdef object add(dict sums, object place, tuple amounts)
