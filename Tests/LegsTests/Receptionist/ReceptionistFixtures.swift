import Actors
import Foundation
import Gateway
import Legs
import Testing

/// The shipped profiles and a fixed moment for everything that depends on the day.
enum ReceptionistFixtures {
    static let profiles = ProfileDirectory.load(
        path: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "profiles/tenants").path
    ).profiles

    static func profile(_ id: String) throws -> TenantProfile {
        try #require(profiles.first { $0.id == id })
    }

    /// Thursday 19 November 2026, 15:20 UTC: 10:20 in New York, 9:20 in Chicago.
    static let now = Date(timeIntervalSince1970: 1_795_101_600)

    static func words(_ text: String) -> [String] { SpokenWords.words(text) }
}

/// One call with a receptionist, turn by turn.
struct Conversation {
    private var receptionist: Receptionist
    private var turn = 0
    let now: Date

    init(_ profile: TenantProfile, now: Date = ReceptionistFixtures.now) {
        receptionist = Receptionist(profile: profile)
        self.now = now
    }

    mutating func hear(_ cause: DialogueTurn.Cause) -> Reply {
        turn += 1
        return receptionist.reply(to: cause, turn: turn, now: now)
    }

    mutating func say(_ text: String, isRejected: Bool = false) -> Reply {
        hear(
            .speech(Transcript(text: text, confidence: isRejected ? 0.2 : 1, provider: "test", isRejected: isRejected))
        )
    }
}
