"""`access`: gated repositories, from both sides of the gate."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See and answer requests for access.")
@click.argument("repo")
@click.option("--status", type=click.Choice(["pending", "accepted", "rejected"]), help="Only these.")
@click.option("--accept", metavar="USER", help="Let somebody in who asked.")
@click.option("--reject", metavar="USER", help="Turn somebody away, or out again.")
@click.option("--reason", help="With --reject: what they are told.")
@click.option("--grant", metavar="USER", help="Let somebody in who did not ask.")
@click.option("--ask", is_flag=True, help="Ask to enter; the owners see your name and e-mail address.")
@OF_KIND
@click.pass_context
def access(
    ctx: click.Context,
    repo: str,
    status: str | None,
    accept: str | None,
    reject: str | None,
    reason: str | None,
    grant: str | None,
    ask: bool,  # noqa: FBT001 -- click passes it by name
    kind: str | None,
) -> object:
    r"""Who asked for access to REPO, which is gated; let them in, turn them away, or ask yourself.

    \b
    %hf access me/gated-model
    %hf access me/gated-model --accept somebody
    %hf access me/gated-model --reject somebody --reason "no affiliation given"
    %hf access them/gated-model --ask
    """
    if sum(map(bool, (accept, reject, grant, ask))) > 1:
        raise click.UsageError("One thing at a time: --accept, --reject, --grant or --ask.", ctx)
    if reason and not reject:
        raise click.UsageError("--reason goes with --reject.", ctx)
    if accept:
        return call("hf_nb.access.accept", repo, accept, kind=kind)
    if reject:
        return call("hf_nb.access.reject", repo, reject, reason=reason, kind=kind)
    if grant:
        return call("hf_nb.access.grant", repo, grant, kind=kind)
    if ask:
        return call("hf_nb.access.ask", repo, kind=kind)
    return call("hf_nb.access.requests", repo, status=status, kind=kind)
