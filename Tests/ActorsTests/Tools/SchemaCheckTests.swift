import Actors
import Testing

@Suite("Schema check")
struct SchemaCheckTests {
    private static let booking: JSON = [
        "type": "object",
        "properties": [
            "pet": ["type": "string", "minLength": 1, "maxLength": 10],
            "age": ["type": "integer", "minimum": 0, "maximum": 40],
            "weight": ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100],
            "kind": ["enum": ["dog", "cat", 3]],
            "days": ["type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 2],
            "note": ["type": ["string", "null"]],
            "owner": [
                "type": "object", "properties": ["name": ["type": "string"]], "required": ["name"],
                "additionalProperties": ["type": "boolean"],
            ],
            "version": ["const": 1],
        ],
        "required": ["pet"],
        "additionalProperties": false,
    ]

    private static let fitting: [JSON] = [
        ["pet": "Rex"], ["pet": "Rex", "age": 40], ["pet": "Rex", "age": 3.0], ["pet": "Rex", "weight": 3],
        ["pet": "Rex", "kind": 3.0], ["pet": "Rex", "days": ["mon", "tue"]], ["pet": "Rex", "note": nil],
        ["pet": "Rex", "owner": ["name": "Ann", "vip": true]], ["pet": "ääääääääää", "version": 1],
    ]

    @Test(arguments: fitting)
    func fits(value: JSON) { #expect(SchemaCheck(Self.booking).faults(in: value).isEmpty) }

    private static let faulty: [(JSON, String)] = [
        ([:], "pet: is missing"),
        (["pet": ""], "pet: must not be empty"),
        (["pet": "Bartholomew"], "pet: must have at most 10 characters"),
        (["pet": 3], "pet: must be a string, not number"),
        (["pet": "Rex", "age": 41], "age: must be at most 40"),
        (["pet": "Rex", "age": -1], "age: must be at least 0"),
        (["pet": "Rex", "age": 2.5], "age: must be an integer, not number"),
        (["pet": "Rex", "weight": 0], "weight: must be more than 0"),
        (["pet": "Rex", "weight": 100], "weight: must be less than 100"),
        (["pet": "Rex", "kind": "cow"], #"kind: must be one of "dog", "cat", 3"#),
        (["pet": "Rex", "days": []], "days: must have at least 1 items"),
        (["pet": "Rex", "days": ["a", "b", "c"]], "days: must have at most 2 items"),
        (["pet": "Rex", "days": ["a", 2]], "days[1]: must be a string, not number"),
        (["pet": "Rex", "note": true], "note: must be a string or null, not boolean"),
        (["pet": "Rex", "owner": [:]], "owner.name: is missing"),
        (["pet": "Rex", "owner": ["name": "Ann", "vip": 1]], "owner.vip: must be a boolean, not number"),
        (["pet": "Rex", "version": 2], "version: must be 1"),
        ("Rex", "must be an object, not string"),
    ]

    @Test(arguments: faulty)
    func isFaulty(value: JSON, fault: String) {
        #expect(SchemaCheck(Self.booking).faults(in: value).map(\.description) == [fault])
    }

    @Test func anUnknownMemberIsNamedWithTheKnownOnes() throws {
        let fault = try #require(SchemaCheck(Self.booking).faults(in: ["pet": "Rex", "pte": 1]).first)
        #expect(fault.path == "pte")
        #expect(fault.message.hasPrefix("is not known; known are age, days,"))
    }

    @Test func faultsAreLimited() {
        let value = JSON.object(Dictionary(uniqueKeysWithValues: (0..<100).map { ("x\($0)", 1) }))
        #expect(SchemaCheck(Self.booking).faults(in: value).count == SchemaCheck.maximumFaults)
    }

    @Test func aValueNestedWithoutEndIsAFault() {
        let schema: JSON = ["items": ["items": ["items": ["type": "array"]]]]
        var deep: JSON = ["type": "array"]
        var value: JSON = []
        for _ in 0..<100 {
            deep = ["items": deep]
            value = [value]
        }
        #expect(SchemaCheck(schema).faults(in: value).isEmpty)
        #expect(SchemaCheck(deep).faults(in: value).first?.message == "is nested too deeply")
    }

    @Test func whatIsNoSchemaForbidsNothing() {
        #expect(SchemaCheck(true).faults(in: ["a": 1]).isEmpty)
        #expect(SchemaCheck(["type": 3, "required": "pet", "enum": 1]).faults(in: ["a": 1]).isEmpty)
        #expect(SchemaCheck(false).faults(in: 1).first?.message == "is not allowed")
    }
}
