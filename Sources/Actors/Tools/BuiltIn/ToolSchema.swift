/// JSON Schema of a tool's arguments, in as few words as models need.
enum ToolSchema {
    static func object(_ properties: [String: JSON], required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties), "required": .list(required.map { .text($0) }),
            "additionalProperties": false,
        ]
    }

    static func text(_ description: String, upTo limit: Int) -> JSON {
        ["type": "string", "description": .text(description), "maxLength": .integer(Int64(limit))]
    }

    static func choice(_ description: String, _ options: [String]) -> JSON {
        ["type": "string", "description": .text(description), "enum": .list(options.map { .text($0) })]
    }

    static func flag(_ description: String) -> JSON { ["type": "boolean", "description": .text(description)] }
}
