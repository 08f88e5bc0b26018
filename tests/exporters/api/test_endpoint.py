from exporters.api.endpoint import Answer, RefusedError


def test_a_refusal_is_a_status_and_a_line() -> None:
    refused = RefusedError(404, "there is no such rep")
    assert (refused.status, str(refused)) == (404, "there is no such rep")


def test_an_answer_is_fine_unless_it_says_otherwise() -> None:
    assert Answer(b"{}").status == 200
