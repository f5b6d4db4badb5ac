"""Public OpenAPI documents through the generator: each request against one of a foreign tool."""
