//! The description of the API in the words of OpenAPI 3.1; a test holds it against the routes.

use recoup_engine::claim::action::{Act, Outcome};
use serde_json::{Value, json};

use crate::pages::list::KNOWN;

/// Acts that the API knows by their words: the decisions stand beside the other acts.
fn acts() -> Vec<&'static str> {
    let others = Act::WORDS.iter().filter(|word| **word != "decide").copied();
    Outcome::WORDS.iter().copied().chain(others).collect()
}

fn error(description: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } })
}

fn ok(schema: &str, description: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } })
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "description": "Number of the claim" })
}

/// The whole description.
pub fn openapi() -> Value {
    let filters = KNOWN.iter().filter(|name| **name != "e");
    let mut parameters: Vec<Value> = filters
        .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" }, "description": "As in the address of the worklist" }))
        .collect();
    parameters.push(json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 500 }, "description": "Rows of a page" }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Recoup", "version": env!("CARGO_PKG_VERSION"), "description": "Claims on money that customers held back, and what people do with them." },
        "security": [{ "token": [] }],
        "paths": {
            "/api/v1/openapi.json": { "get": { "summary": "This description", "responses": { "200": { "description": "OpenAPI 3.1" }, "401": error("No token") } } },
            "/api/v1/claims": { "get": { "summary": "Claims, filtered, sorted and paged by key", "parameters": parameters,
                "responses": { "200": ok("Claims", "A page of claims"), "400": error("A parameter is not understood"), "401": error("No token"), "403": error("The token may not read") } } },
            "/api/v1/claims/{id}": { "get": { "summary": "One claim", "parameters": [id()],
                "responses": { "200": ok("Claim", "The claim"), "401": error("No token"), "403": error("The token may not read"), "404": error("No such claim") } } },
            "/api/v1/claims/{id}/acts": { "post": { "summary": "Do one act on a claim",
                "parameters": [id(), { "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" }, "description": "The same key and body have one effect" }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Act" } } } },
                "responses": { "200": ok("Claim", "The claim as it is now"), "400": error("The body is no JSON"), "401": error("No token"), "403": error("The token may not write"),
                    "404": error("No such claim"), "409": error("The claim has another version, or the same request is running"), "415": error("Not JSON"),
                    "422": error("The act can't be done; the message says why") } } },
        },
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "Made with `recoup user token`; scopes read and write" } },
            "schemas": {
                "Claims": { "type": "object", "required": ["claims", "next"], "properties": {
                    "claims": { "type": "array", "items": { "type": "object" } }, "next": { "type": ["string", "null"], "description": "Address of the next page" } } },
                "Claim": { "type": "object", "required": ["claim_id", "amount", "currency", "state", "version"], "properties": {
                    "claim_id": { "type": "string" }, "amount": { "type": "string", "description": "Exact decimal" }, "currency": { "type": "string" }, "open_amount": { "type": "string" },
                    "state": { "type": "object", "description": "The state with its facts" }, "version": { "type": "integer" } } },
                "Act": { "type": "object", "required": ["act", "version"], "properties": {
                    "act": { "type": "string", "enum": acts() }, "version": { "type": "integer", "description": "The version that the caller read" },
                    "note": { "type": "string", "description": "Reason, question or comment" }, "amount": { "type": "string", "description": "For partly_accept, recover and split" },
                    "to": { "type": "string", "description": "A login, a queue, whom to ask, the claim to merge, or `repeats`" }, "until": { "type": "string", "format": "date" } } },
                "Error": { "type": "object", "required": ["code", "message", "field", "correlation_id"], "properties": {
                    "code": { "type": "string" }, "message": { "type": "string" }, "field": { "type": ["string", "null"] }, "correlation_id": { "type": "string" } } },
            },
        },
    })
}
