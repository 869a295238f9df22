"""What this service is for. Everything else in this folder is the same in every service."""

from service.route import Problem, Reply, Request, Route


def greet(request: Request) -> Reply:
    return Reply(200, {"message": f"Hello, {request.params['name']}"})


def greet_somebody(request: Request) -> Reply:
    name = request.body.get("name") if isinstance(request.body, dict) else None
    if not isinstance(name, str) or not name:
        raise Problem(400, "the body needs a name")
    return Reply(201, {"message": f"Hello, {name}"})


ROUTES = [
    Route("GET", "/greetings/{name}", greet),
    Route("POST", "/greetings", greet_somebody),
]
