import Actors
import Gateway
import Testing

@Suite("Profile reader, hostile input")
struct ProfileHostileInputTests {
    private func outcome(_ text: String) -> [ProfileFault] {
        do {
            _ = try ProfileReader().read(text: text, file: "fuzz.yaml")
            return []
        } catch {
            #expect(!error.faults.isEmpty)
            return error.faults
        }
    }

    @Test("Nine lines of aliases that stand for a thousand million values are refused", .timeLimit(.minutes(5)))
    func aliasBomb() {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, before) in zip("bcdefghi", "abcdefgh") {
            text += "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ", "))]\n"
        }
        #expect(outcome(text).map(\.problem) == ["the file uses aliases (`*name`)"])
        // As keys they would be hashed while the file is composed.
        #expect(outcome(text + "*i : 1\n").map(\.problem) == ["the file uses aliases (`*name`)"])
    }

    @Test("A few aliases are refused one by one, at their anchors")
    func fewAliases() {
        let faults = outcome(ProfileFixtures.good + "\nfallback: &f\n  say: &s [a]\nx: *f\n")
        #expect(faults.map(\.key) == ["fallback", "x"])
        #expect(faults.allSatisfy { $0.problem.contains("anchor") })
    }

    @Test("A star in a number list or a pattern is no alias")
    func stars() {
        let patterns = Array(repeating: #"'\bbook.*visit \*now\b'"#, count: 20).joined(separator: ", ")
        let text = ProfileFixtures.good(replacing: "[\"+12025550100\"]", with: "[\"*\"]")
            .replacingOccurrences(of: "'\\bbook\\b'", with: patterns)
        #expect(outcome(text).isEmpty)
    }

    @Test("64 KiB are read, one byte more is not")
    func size() {
        let padding = 64 * 1024 - ProfileFixtures.good.utf8.count - 2
        let full = ProfileFixtures.good + "\n#" + String(repeating: "x", count: padding)
        #expect(outcome(full).isEmpty)
        #expect(outcome(full + "x").map(\.problem) == ["the file has 65537 bytes"])
    }

    @Test("Deep nesting is a fault, not a stack overflow", arguments: ["[", "{", "- ", "? ", "a: {"])
    func nesting(opener: String) {
        #expect(!outcome(String(repeating: opener, count: 60_000 / opener.count)).isEmpty)
        let indented = (0..<340).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        #expect(!outcome(indented).isEmpty)
    }

    @Test("Too many entries are a fault")
    func manyEntries() {
        let phrases = Array(repeating: "hello there", count: 300).joined(separator: ", ")
        let faults = outcome(ProfileFixtures.good(replacing: "[book a visit]", with: "[\(phrases)]"))
        #expect(faults.map(\.problem) == ["has 300 entries"])
    }

    @Test(
        "Mutated files are read or refused, never more",
        .timeLimit(.minutes(5)),
        arguments: ["oakfield-vets", "saffron-catering"]
    )
    func mutations(name: String) throws {
        let original = Array(try ProfileFixtures.shipped(name).utf8)
        let pieces = [
            "\n", ":", "- ", "[", "]", "{", "}", "'", "\"", "&a ", "*a ", "\t", "#", "|", ">", "~", "\u{0}", "\u{fffd}",
            "- - ", "? ", "!!x ", "%", "99999999999999999999", "\\",
        ]
        var random = SplitMix(seed: 0x5EED + UInt64(name.count))
        var refused = 0
        for _ in 0..<400 {
            var bytes = original
            for _ in 0...random.below(3) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(contentsOf: Array(pieces[random.below(pieces.count)].utf8), at: place)
                case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                default: bytes.removeSubrange(place..<min(bytes.count, place + random.below(60)))
                }
            }
            refused += outcome(String(decoding: bytes, as: UTF8.self)).isEmpty ? 0 : 1
        }
        // Most damage hits comments and spoken text and stays readable; some must not.
        #expect((1..<400).contains(refused), "refused \(refused) of 400")
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
