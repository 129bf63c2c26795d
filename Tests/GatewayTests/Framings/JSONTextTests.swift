import Foundation
import Gateway
import Testing

@Suite("JSON text")
struct JSONTextTests {
    /// The scanner's verdict on one whole value.
    private func fault(_ text: String) -> JSONText.Fault? {
        let bytes = Array(text.utf8)
        var at = 0
        do throws(JSONText.Fault) {
            try JSONText.skip(bytes.span, &at)
            JSONText.skipSpace(bytes.span, &at)
            return at == bytes.count ? nil : .syntax(offset: at)
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "{}", "[]", " [ ] ", #"{"a":1}"#, #"{"a":{"b":[1,2,{"c":null}]}}"#, "true", "false", "null", "0", "-0", "10",
        "-1.5",
        "1e5", "1E+5", "2.5e-10", #""""#, #""\"\\\/\b\f\n\r\t\u00e9""#, "\t\r\n 1 \n", #""é😀""#, "[1,2,3]",
    ])
    func whatIsJSONIsAccepted(_ text: String) {
        #expect(fault(text) == nil)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "[1 2]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#,
        #"{'a':1}"#,
        "tru", "True", "nul", "nulll", "01", "-", "-01", "1.", ".5", "1e", "1e+", "+1", "0x10", "NaN", "Infinity",
        #"""#,
        #""\x""#, #""\u12""#, #""\u12g4""#, "\"a\nb\"", "\"a\u{1}b\"", "1 2", "{}{}", "//", "[1]]", #""a"b"#,
    ])
    func whatIsNotJSONIsRefused(_ text: String) {
        guard case .syntax = fault(text) else {
            Issue.record("accepted: \(text)")
            return
        }
    }

    @Test func theFaultSaysWhere() {
        #expect(fault(#"{"a":1 "b":2}"#) == .syntax(offset: 7))
        #expect(fault("[1,2,x]") == .syntax(offset: 5))
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(fault(nested(JSONText.maximumDepth)) == nil)
        #expect(fault(nested(JSONText.maximumDepth + 1)) == .tooDeep)
        #expect(fault(nested(1_000_000)) == .tooDeep)
        #expect(fault(String(repeating: #"{"a":"#, count: 500_000)) == .tooDeep)
        #expect(Received.fault(#"{"event":"media","media":{"payload":"","x":\#(nested(100_000))}}"#) == .json(.tooDeep))
    }

    @Test func aStringMayBeLong() throws {
        let long = String(repeating: "x", count: 65_536)
        #expect(fault("\"\(long)\"") == nil)
        let received = try Received(#"{"event":"mark","mark":{"name":"\#(long)"}}"#)
        #expect(received.frame.name?.range.count == 65_536)
        #expect(Received.fault(#"{"event":"mark","mark":{"name":"\#(long)"#) == .json(.syntax(offset: 65_536 + 32)))
    }

    @Test func anIntegerStopsAtItsLargest() {
        func value(_ text: String) -> Int64? {
            let bytes = Array(text.utf8)
            return JSONText.integer(bytes.span, in: 0..<bytes.count)
        }
        #expect(value("9223372036854775807") == .max)
        #expect(value("9223372036854775808") == nil)
        #expect(value("99999999999999999999") == nil)
        #expect(value("007") == 7)
        #expect(value("") == nil && value("-1") == nil && value("1 ") == nil)
    }
}
