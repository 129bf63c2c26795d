import Foundation
import Gateway
import TestSupport
import Testing

@Suite("Form parameters")
struct FormParametersTests {
    private func pairs(_ text: String) throws -> [[String]] {
        try FormParameters(parsing: Array(text.utf8)).pairs.map { [$0.name, $0.value] }
    }

    @Test(arguments: ["twilio-signatures.json", "twilio-webhooks.json"])
    func everyVectorsBodyGivesItsParameters(_ file: String) throws {
        var checked = 0
        for vector in try WireVectors.list(file, file.contains("webhooks") ? "requests" : "vectors") {
            guard vector.text("content_type").hasPrefix("application/x-www-form-urlencoded") else { continue }
            #expect(try pairs(vector.text("raw_body")) == vector.pairs("params"), "\(vector.text("id"))")
            checked += 1
        }
        #expect(checked >= 30)
    }

    @Test(
        arguments: [
            ("", []), ("&", []), ("&&a=1&&", [["a", "1"]]), ("a", [["a", ""]]), ("a=", [["a", ""]]),
            ("=b", [["", "b"]]),
            ("a=1=2", [["a", "1=2"]]), ("a=1&a=2&a=1", [["a", "1"], ["a", "2"], ["a", "1"]]),
            ("a+b=c+d", [["a b", "c d"]]),
            ("a=%2B%26%3d%20", [["a", "+&= "]]), ("%C3%A9=%F0%9F%98%80", [["é", "😀"]]), ("a=%00", [["a", "\u{0}"]]),
            ("=", [["", ""]]),
        ] as [(String, [[String]])]
    )
    func oddFormsAreReadAsTheStandardSays(_ text: String, _ wanted: [[String]]) throws {
        #expect(try pairs(text) == wanted)
    }

    @Test(arguments: [
        ("a=%", 2), ("a=%4", 2), ("a=%zz", 2), ("a=%4g", 2), ("%+1=x", 0), ("a=b&c=%2", 6), ("a=%-1", 2), ("a=% 1", 2),
    ])
    func aBadEscapeIsAFaultThatSaysWhere(_ text: String, _ offset: Int) {
        #expect(throws: FormParameters.Fault.badEscape(offset: offset)) { try pairs(text) }
    }

    @Test(arguments: ["a=%FF", "%C3=1", "a=%ED%A0%80", "a=%C0%80"])
    func bytesThatAreNotUTF8AreAFault(_ text: String) {
        #expect(throws: FormParameters.Fault.notUTF8) { try pairs(text) }
        #expect(throws: FormParameters.Fault.notUTF8) { try FormParameters(parsing: [UInt8(ascii: "a"), 0xFF]) }
    }

    @Test func tooManyParametersAreAFault() throws {
        let most = (0..<256).map { "a\($0)=1" }.joined(separator: "&")
        #expect(try pairs(most).count == 256)
        #expect(throws: FormParameters.Fault.tooMany(limit: 256)) { try pairs(most + "&b") }
        #expect(throws: FormParameters.Fault.tooMany(limit: 2)) {
            try FormParameters(parsing: Array("a&b&c".utf8), limit: 2)
        }
    }

    @Test func theFirstValueOfANameCounts() throws {
        let form = try FormParameters(parsing: Array("To=1&to=2&To=3".utf8))
        #expect(form["To"] == "1" && form["to"] == "2" && form["From"] == nil)
    }

    /// What can be read can be written and read again; whatever comes, there is an answer.
    @Test func mutatedFormsGiveParametersOrAFault() throws {
        var random = SeededGenerator(seed: 5)
        let original = Array("AccountSid=AC01&From=%2B33612345678&Tag=a+b%20c&Tag=&City=%C3%89ly".utf8)
        var read = 0
        for _ in 0..<10_000 {
            var body = original
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let at = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: body[at] = UInt8.random(in: 0...255, using: &random)
                case 1: body.insert(Array("%&=+".utf8).randomElement(using: &random) ?? 0, at: at)
                default: body.remove(at: at)
                }
            }
            guard let form = try? FormParameters(parsing: body) else { continue }
            read += 1
            var allowed = CharacterSet.alphanumerics
            allowed.remove(charactersIn: "%&=+")
            let written = form.pairs.map { pair in
                [pair.name, pair.value].map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
                    .joined(separator: "=")
            }.joined(separator: "&")
            #expect(try FormParameters(parsing: Array(written.utf8)) == form)
        }
        #expect(read > 1000)
    }
}
