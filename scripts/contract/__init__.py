"""From the vendor's OpenAPI document to the generated client: one small module per step."""
