from floorpulse.alerting.rule import Alert
from floorpulse.alerting.tuning import Tuning
from floorpulse.alerting.watch import DEAD_MANS_SWITCH, watch


def test_the_dead_mans_switch_depends_on_nothing() -> None:
    (switch, fails) = (rule for rule in watch(Tuning()).rules if isinstance(rule, Alert))

    assert (switch.name, switch.expr, switch.wait_seconds) == (DEAD_MANS_SWITCH, "vector(1)", 0)
    assert (switch.audience, fails.audience) == ("ops", "ops")
