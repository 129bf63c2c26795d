import Foundation

/// Where the shipped profiles are, and a small good profile to break in tests.
enum ProfileFixtures {
    static let directory =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "profiles/tenants").path

    static func shipped(_ name: String) throws -> String {
        try String(contentsOfFile: "\(directory)/\(name).yaml", encoding: .utf8)
    }

    static let good = """
        name: Test Company
        numbers: ["+12025550100"]
        time_zone: UTC
        greeting: Hello.
        emergency:
          words: [fire alarm]
        transfer:
          number: "+12025550142"
        intents:
          - name: book
            phrases: [book a visit]
            keywords: [book]
            patterns: ['\\bbook\\b']
            slots:
              - name: when
                kind: day_time
                ask: When?
              - name: size
                kind: number
                ask: How many on {when}?
                minimum: 2
                maximum: 9
            confirm: On {when}?
            say: See you {when}.
          - name: person
            phrases: [a person please]
            outcome: transfer
        silence:
          after: 7s
        turn_taking:
          barge_in: 200ms
          maximum_call: 15min
        """

    /// The good profile with one text replaced by another.
    static func good(replacing old: String, with new: String) -> String {
        good.replacingOccurrences(of: old, with: new)
    }
}
