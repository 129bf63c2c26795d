import Actors
import Testing

@Suite("URL template")
struct URLTemplateTests {
    private func expanded(_ id: JSON, _ q: JSON = "x") throws -> String {
        try URLTemplate("https://a.example/o/{id}/d?q={q}&r={q}").expanded(["id": id, "q": q]).text
    }

    @Test(
        arguments: [
            ("7", "7"), (7, "7"), (1.5, "1.5"), (true, "true"), ("a b", "a%20b"), ("a/b", "a%2Fb"),
            ("?#&=+", "%3F%23%26%3D%2B"),
            ("é\n", "%C3%A9%0A"), ("%2e", "%252e"), ("@evil.example", "%40evil.example"), ("\\", "%5C"), ("...", "..."),
            ("a..b", "a..b"),
        ] as [(JSON, String)]
    )
    func anArgumentStaysInItsPlace(_ argument: JSON, _ text: String) throws {
        #expect(try expanded(argument) == "https://a.example:443/o/\(text)/d?q=x&r=x")
        #expect(try expanded("1", argument) == "https://a.example:443/o/1/d?q=\(text)&r=\(text)")
    }

    @Test(
        arguments: [
            (".", URLTemplate.Misfit.dots("id, q")), ("..", .dots("id, q")), ("", .empty("id")), (nil, .missing("id")),
            (["a"], .notPlain("id")), (["a": 1], .notPlain("id")),
            (.text(String(repeating: "a", count: 1001)), .tooLong("id")),
        ] as [(JSON, URLTemplate.Misfit)]
    )
    func whatCannotStandInAPathIsRefused(_ argument: JSON, _ misfit: URLTemplate.Misfit) {
        #expect(throws: misfit) { try expanded(argument) }
    }

    @Test func twoArgumentsDoNotMakeDotsTogether() throws {
        let template = try URLTemplate("https://a.example/{a}{b}/x")
        #expect(throws: URLTemplate.Misfit.self) { try template.expanded(["a": ".", "b": "."]) }
    }

    @Test func aValueOfTheQueryMayBeEmptyAndDots() throws {
        #expect(try expanded("1", "") == "https://a.example:443/o/1/d?q=&r=")
        #expect(try expanded("1", "..") == "https://a.example:443/o/1/d?q=..&r=..")
    }

    @Test func longArgumentsTogetherAreRefusedAndNotCut() throws {
        let names = (0..<8).map { "p\($0)" }
        let template = try URLTemplate("https://a.example/" + names.map { "{\($0)}" }.joined(separator: "/"))
        let long = JSON.text(String(repeating: "x", count: 1000))
        let arguments = JSON.object(Dictionary(uniqueKeysWithValues: names.map { ($0, long) }))
        #expect(throws: URLTemplate.Misfit.self) { try template.expanded(arguments) }
    }

    @Test(
        arguments: [
            ("", ["a": 1], ["a": 1]), ("/a", ["a": 1], 1), ("/a/1", ["a": [1, 2]], 2),
            ("/a~1b/m~0n", ["a/b": ["m~n": 3]], 3),
            ("/", ["": 4], 4), ("/a/01", ["a": [1, 2]], nil), ("/a/-", ["a": [1]], nil), ("/b", ["a": 1], nil),
            ("/a/x", ["a": 1], nil), ("/a/9", ["a": [1]], nil),
        ] as [(String, JSON, JSON?)]
    )
    func aPointerFindsAValue(_ pointer: String, _ document: JSON, _ value: JSON?) {
        #expect(JSONPointer(pointer)?.value(in: document) == value)
    }

    @Test(arguments: ["a", "/~", "/~2", "/a~"])
    func whatIsNoPointerIsRefused(_ text: String) { #expect(JSONPointer(text) == nil) }
}
