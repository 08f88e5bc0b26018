from kpi_state.buckets cimport add
from kpi_state.published cimport decode_sums, encode_sums, locate

cpdef dict count(object tally, dict deltas)
