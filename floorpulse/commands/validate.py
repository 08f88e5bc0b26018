"""`floorpulse validate`: does every line keep the event contract?"""

import click

from floorpulse.files import reading
from floorpulse.options import input_files
from kpi_state.events import ContractError, decode


@click.command()
@input_files
@click.pass_context
def validate(context: click.Context, files: tuple[str, ...]) -> None:
    """Say which lines of FILEs break the event contract.

    FILE is .jsonl, plain or gzipped, or - for standard input: one JSON event a line, empty lines are skipped. Each bad
    line is printed as FILE:LINE: FIELD: expected WHAT, got WHAT. A summary goes to standard error. What depends on when
    an event arrives, such as a date too far ahead, is not checked here.

    Exit codes: 0 every line is good; 1 a line is bad; 2 a file cannot be read.
    """
    read = bad = unknown = 0
    with reading(files, "validating") as lines:
        for line in lines:
            if not line.text.strip():
                continue
            read += 1
            try:
                unknown += decode(line.text).unknown
            except ContractError as error:
                bad += 1
                click.echo(f"{line.file}:{line.number}: {error}")
    left_out = f"; {unknown} unknown fields would be left out" if unknown else ""
    click.echo(f"{read} events read, {bad} break the contract{left_out}", err=True)
    context.exit(1 if bad else 0)


COMMAND = validate
