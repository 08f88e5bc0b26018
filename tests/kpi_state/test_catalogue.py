"""The types of events as stored rows and other people's producers rely on them."""

from kpi_state.catalogue import CHOICES, EVENT_TYPES, FIELDS, SHAPE_OF, TIMELINES, TOPIC_OF, TYPE_OF

# Rows count fields by their place here: whoever removes or moves one makes every stored row say something else.
# New fields go to the end, in both places.
STORED = {
    "account": "owner_id name size region merged_into deleted",
    "contact": "owner_id account_id phones emails created_at merged_into deleted",
    "lead": "owner_id status generated_by origin created_at contact_id account_id referrer_account_id outcome "
    "closed_at disqualified_reason merged_into deleted",
    "appointment": "lead_id set_by handed_to set_at verdict verdict_at reason deleted",
    "opportunity": "owner_id lead_id account_id stage amount_minor currency term_months created_at closed_at outcome "
    "product region splits merged_into deleted",
    "contract": "account_id owner_id opportunity_id value_minor currency signed_on starts_on ends_on term_months "
    "cancelled_on product region deleted",
    "purchase": "account_id owner_id amount_minor currency at kind product region deleted",
    "activity": "rep_id channel direction at contact_id lead_id automated replied_at deleted",
    "call": "conversation_id rep_id direction phone started_at answered_at ended_at talk_seconds disposition "
    "contact_id lead_id deleted",
    "rep": "name team manager_id timezone calendar first_day last_day emails extensions external_ids deleted",
    "absence": "rep_id from until kind deleted",
    "target": "value until",
    "heartbeat": "since known gap",
}


def test_the_order_of_fields_in_stored_rows_never_changes() -> None:
    assert {kind: " ".join(fields) for kind, fields in FIELDS.items()} == STORED


def test_timelines_are_those_of_the_contract() -> None:
    owned = {(kind, "owner_id") for kind in ("account", "contact", "lead", "opportunity", "contract", "purchase")}
    people = {(kind, field) for kind in ("rep", "absence", "target") for field in FIELDS[kind]}
    others = {
        ("lead", "status"),
        ("lead", "outcome"),
        ("opportunity", "outcome"),
        ("opportunity", "stage"),
        ("appointment", "verdict"),
        ("contact", "phones"),
    }
    assert owned | people | others == TIMELINES


def test_every_type_has_its_name_and_topic() -> None:
    crm = ("account", "contact", "lead", "appointment", "opportunity", "contract", "purchase", "activity")
    assert {
        **{kind: f"crm.{kind}.v1" for kind in crm},
        "call": "telephony.call.v1",
        **{kind: f"hr.{kind}.v1" for kind in ("rep", "absence", "target")},
        "heartbeat": "source.heartbeat.v1",
    } == TYPE_OF
    assert {topic: [kind for kind in TOPIC_OF if TOPIC_OF[kind] == topic] for topic in set(TOPIC_OF.values())} == {
        "crm.events": [*crm, "heartbeat"],
        "telephony.events": ["call"],
        "hr.events": ["rep", "absence", "target"],
    }
    assert EVENT_TYPES[-1].topics == ("crm.events", "telephony.events")


def test_every_choice_is_one_of_the_contract() -> None:
    assert {place: set(choices) for place, choices in CHOICES.items()} == {
        ("lead", "status"): {"new", "working", "qualified", "disqualified", "converted"},
        ("lead", "generated_by"): {"marketing", "sales"},
        ("lead", "outcome"): {"open", "won", "lost"},
        ("appointment", "verdict"): {"pending", "accepted", "rejected"},
        ("opportunity", "outcome"): {"open", "won", "lost"},
        ("purchase", "kind"): {"new", "upsell", "cross_sell", "renewal"},
        ("activity", "channel"): {"email", "inmail", "message", "meeting", "visit"},
        ("activity", "direction"): {"inbound", "outbound"},
        ("call", "direction"): {"inbound", "outbound"},
        ("call", "disposition"): {"answered", "no_answer", "busy", "failed", "voicemail", "abandoned"},
    }


def test_every_field_has_a_shape() -> None:
    assert {kind: tuple(shapes) for kind, shapes in SHAPE_OF.items()} == FIELDS
