import unittest

from service.route import Problem, Request, find_route
from service.routes import ROUTES


class RoutesTest(unittest.TestCase):
    def test_greets_by_name(self) -> None:
        route, params = find_route(ROUTES, "GET", "/greetings/ann%20b")
        self.assertEqual(route.handle(Request(params=params)).body, {"message": "Hello, ann b"})

    def test_refuses_a_greeting_without_a_name(self) -> None:
        route, params = find_route(ROUTES, "POST", "/greetings")
        with self.assertRaises(Problem) as refused:
            route.handle(Request(params=params, body={}))
        self.assertEqual(refused.exception.status, 400)

    def test_knows_no_other_path(self) -> None:
        self.assertIsNone(find_route(ROUTES, "GET", "/"))


if __name__ == "__main__":
    unittest.main()
