cpdef bytes encode_link(object record)
cpdef object decode_link(bytes value)
cpdef bint supersedes(object old, object rev) except -1
cpdef bint receive(dict inbox, str source, object rev, object value) except -1
cpdef str routing_key(str kind, str subject)
cpdef str slot_subject(str rep, str party, str channel, object hour)
cpdef object parse_slot(str subject)
cpdef tuple slot_actor(str subject)
cpdef str dial_subject(str rep, str number, object day)
cpdef str dial_rep(str subject)
cpdef str dial_number(str subject)
cpdef str slot_party(str subject)
