"""Bearer tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint
from flask import Response, request

from api.house import house, visitor
from api.identity.gate import ANYONE, SIGNED_IN, open_to
from api.rest.models import NewToken, TokenList, TokenMade
from api.rest.wire import answer

tokens = APIBlueprint("tokens", __name__, url_prefix="/api/v1/tokens", tag="Access")


@tokens.post("")
@tokens.input(NewToken)
@tokens.output(TokenMade, 201)
@open_to(ANYONE)
def issue_token(json_data: NewToken) -> Response:
    """Get a token for username and password

    The token acts for the person; it is shown here and never again. Failed tries are counted: the sixth within a
    quarter of an hour is answered with 429.
    """
    text, token = house().gate.desk.issue_token(
        json_data.username,
        json_data.password,
        request.remote_addr or "",
        json_data.name,
        timedelta(days=json_data.lifetime_days),
    )
    made = {"id": token.id, "name": token.name, "token": text}
    return answer({**made, "created_at": token.created_at, "expires_at": token.expires_at}, 201)


@tokens.get("")
@tokens.output(TokenList)
@open_to(SIGNED_IN)
def list_tokens() -> Response:
    """Your own tokens, newest first"""
    return answer({"items": house().gate.desk.tokens_of(visitor())})


@tokens.delete("/<token_id>")
@tokens.doc(responses={204: "Revoked."})
@open_to(SIGNED_IN)
def revoke_token(token_id: str) -> Response:
    """End one of your own tokens"""
    house().gate.desk.revoke_token(visitor(), token_id)
    return Response(status=204)
