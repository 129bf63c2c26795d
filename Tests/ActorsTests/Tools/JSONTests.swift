import Actors
import Testing

@Suite struct JSONTests {
    private static let values: [(String, JSON)] = [
        ("null", .null), ("true", true), ("-3", -3), ("9007199254740993", .integer(9_007_199_254_740_993)),
        ("1.5", 1.5), (#""a\u00e9\n""#, "aé\n"), (#"[1,"2",{}]"#, [1, "2", [:]]),
        (#"{"b":null,"a":[false]}"#, ["a": [false], "b": nil]),
    ]

    @Test(arguments: values)
    func isReadAndWritten(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text.utf8) == value)
        #expect(try JSON(parsing: value.serialized.utf8) == value)
    }

    @Test(arguments: ["", "{", "nul", "{\"a\":}", "\"\u{1}\"", "1 2"])
    func isRefused(text: String) {
        #expect(throws: (any Error).self) { try JSON(parsing: text.utf8) }
    }

    @Test func membersComeInTheOrderOfTheirNames() {
        let value: JSON = ["b": 1, "a": 2, "c": ["z": 1, "y": 2]]
        #expect(value.serialized == #"{"a":2,"b":1,"c":{"y":2,"z":1}}"#)
    }

    @Test func nullIsNoMember() { #expect((["a": nil] as JSON)["a"] == nil) }

    @Test func wholeNumbersAreIntegers() {
        #expect(JSON.number(3).integer == 3)
        #expect(JSON.number(3.5).integer == nil)
        #expect(JSON.number(1e300).integer == nil)
    }
}
