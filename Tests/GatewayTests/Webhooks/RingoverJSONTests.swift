import Foundation
import Gateway
import TestSupport
import Testing

@Suite("JSON as values")
struct RingoverJSONTests {
    private func value(_ text: String) -> JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }

    @Test func aNumberKeepsEveryDigit() {
        #expect(value("1234567890987654400")?.word == "1234567890987654400")
        #expect(value("123456789012345678901234567890")?.word == "123456789012345678901234567890")
        #expect(value("-7")?.word == "-7")
        #expect(value("\"0042\"")?.word == "0042")
        #expect(value("1.5")?.word == nil && value("true")?.word == nil && value("null")?.word == nil)
        #expect(value("1.2345678e7")?.word == "12345678")
    }

    @Test(arguments: [
        ("1", "1.0", true), ("1", "1e0", true), ("10", "1E+1", true), ("0.5", "5e-1", true), ("-0", "0", true),
        ("0.0", "0", true), ("100", "1e2", true), ("1763715642.762305", "1.763715642762305e+09", true),
        ("1", "2", false), ("1", "-1", false), ("1", "10", false), ("9007199254740993", "9007199254740992", false),
        ("1e999999999999999999", "1e999999999999999999", true), ("1e999999999999999999", "1e99999999999", false),
    ]) func numbersAreEqualByValue(_ left: String, _ right: String, _ areEqual: Bool) {
        #expect(JSONNumber(written: left) == JSONNumber(written: left))
        #expect((JSONNumber(written: left) == JSONNumber(written: right)) == areEqual)
    }

    @Test func textIsUnescaped() {
        #expect(value(#""a\"\\\/\b\f\n\r\té""#) == .text("a\"\\/\u{8}\u{C}\n\r\té"))
        #expect(value(#""\u00e9\u0041\ud83d\ude00""#) == .text("éA😀"))
        #expect(value(#""\ud83dx""#) == .text("\u{FFFD}x") && value(#""\ude00""#) == .text("\u{FFFD}"))
        #expect(value("\"ça va\"") == .text("ça va"))
        #expect((try? JSONValue(parsing: [0x22, 0xC3, 0x22])) == nil, "not UTF-8")
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#, #"{"a" 1}"#, "01", "1.", "nul", "[1] 2", "\"\n\"",
        String(repeating: "[", count: 40),
    ]) func whatIsNoJSONIsAFault(_ text: String) { #expect(value(text) == nil) }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whateverComesNothingBreaks(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bodies = try RingoverBodies.all.map { Array($0.body.canonical.utf8) }
        var read = 0
        for _ in 0..<2000 {
            var text = bodies[Int.random(in: 0..<bodies.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let value = try? JSONValue(parsing: text) else { continue }
            read += 1
            let again = try JSONValue(parsing: Array(value.canonical.utf8))
            #expect(again == value)
            _ = RingoverEvent(value)?.providerEvents(tenant: "t")
        }
        #expect(read > 0)
    }
}
