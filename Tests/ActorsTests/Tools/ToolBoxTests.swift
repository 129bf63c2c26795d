import Actors
import Testing

@Suite("Tool box")
struct ToolBoxTests {
    private func box() throws -> ToolBox {
        var box = ToolBox()
        try box.add(TestTool("transfer"), offer: .always)
        try box.add(TestTool("ezyvet_find"))
        try box.add(TestTool("ezyvet_book"))
        try box.add(TestTool("weather"))
        return box
    }

    private static let lists: [([String]?, [String])] = [
        (nil, ["transfer"]), ([], []), (["weather"], ["weather"]), (["ezyvet_*"], ["ezyvet_find", "ezyvet_book"]),
        (["weather", "transfer", "nothing"], ["transfer", "weather"]), (["Weather"], []),
        (["*"], ["transfer", "ezyvet_find", "ezyvet_book", "weather"]),
    ]

    @Test(arguments: lists)
    func aTenantGetsWhatItsListAllows(allowed: [String]?, names: [String]) throws {
        #expect(try box().tools(allowed: allowed).map(\.declaration.name) == names)
    }

    @Test func entriesThatAllowNothingAreKnown() throws {
        #expect(try box().unknown(in: ["weather", "wether", "ezyvet_*", "x*"]) == ["wether", "x*"])
    }

    @Test func aNameIsTakenOnce() throws {
        var box = try box()
        #expect(throws: ToolBox.Fault.taken("weather")) { try box.add(TestTool("weather")) }
    }

    @Test(arguments: ["", "a b", "grüß", "a.b", String(repeating: "a", count: 65)])
    func aNameNoVendorTakesIsRefused(name: String) {
        var box = ToolBox()
        #expect(throws: ToolBox.Fault.name(name)) { try box.add(TestTool(name)) }
    }
}
